"""Where what is carried forward stands in the next campaign."""

from guantong.rectification.rules import measures, problems

CARRIED = {"problem": problems.CARRIED, "measure": measures.CARRIED}


def carried_state(kind: str, state: str) -> str:
    """Return the state in which an open problem or a live measure goes on in another campaign."""
    return CARRIED[kind].get(state, state)
