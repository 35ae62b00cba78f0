"""Pages that show several strands: home, my work; and the door."""
