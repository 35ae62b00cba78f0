"""The Merkle tree of RFC 6962 (RFC 9162, 2.1): roots, inclusion and consistency, and their checks.

Hashes are 32 bytes. A frontier is the list of the roots of the perfect subtrees that make up a
tree, the largest first: one for each set bit of its size.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence

EMPTY_ROOT = hashlib.sha256(b"").digest()
Range = Callable[[int, int], Iterable[bytes]]  # the leaf hashes from start up to, not with, stop


def node_hash(left: bytes, right: bytes) -> bytes:
    """Hash two children; the leading one keeps a node from passing for a leaf."""
    return hashlib.sha256(b"\x01" + left + right).digest()


class Growing:
    """A tree to which leaves are added; it holds one hash for each set bit of its size."""

    def __init__(self, size: int = 0, frontier: Sequence[bytes] = ()) -> None:
        if len(frontier) != size.bit_count():
            raise ValueError(f"A tree of {size} leaves has {size.bit_count()} perfect subtrees.")
        self.size = size
        self.frontier = list(frontier)

    def add(self, leaf: bytes) -> None:
        sha256, frontier, size = hashlib.sha256, self.frontier, self.size
        while size & 1:
            leaf = sha256(b"\x01" + frontier.pop() + leaf).digest()
            size >>= 1
        frontier.append(leaf)
        self.size += 1

    def extend(self, leaves: Iterable[bytes]) -> None:
        for leaf in leaves:
            self.add(leaf)

    def root(self) -> bytes:
        if not self.frontier:
            return EMPTY_ROOT
        *rest, root = self.frontier
        for left in reversed(rest):
            root = node_hash(left, root)
        return root


def root_of(leaves: Iterable[bytes]) -> bytes:
    """Return the root over leaf hashes."""
    tree = Growing()
    tree.extend(leaves)
    return tree.root()


def inclusion_path(index: int, size: int, hashes: Range) -> list[bytes]:
    """Return the hashes that lead from the leaf at `index` to the root of the first `size`."""
    if not 0 <= index < size:
        raise ValueError(f"A tree of {size} leaves has no leaf {index}.")
    path: list[bytes] = []
    start, stop = 0, size
    while stop - start > 1:
        middle = start + _split(stop - start)
        if index < middle:
            path.append(root_of(hashes(middle, stop)))
            stop = middle
        else:
            path.append(root_of(hashes(start, middle)))
            start = middle
    return path[::-1]


def root_from_inclusion(index: int, size: int, leaf: bytes, path: Sequence[bytes]) -> bytes | None:
    """Return the root to which `path` leads from `leaf`, or None where it cannot lead to one."""
    if not 0 <= index < size:
        return None
    # RFC 9162, 2.1.3.2.
    node, last, root = index, size - 1, leaf
    for sibling in path:
        if last == 0:
            return None
        if node & 1 or node == last:
            root = node_hash(sibling, root)
            while node and not node & 1:
                node >>= 1
                last >>= 1
        else:
            root = node_hash(root, sibling)
        node >>= 1
        last >>= 1
    return root if last == 0 else None


def consistency_path(old: int, new: int, hashes: Range) -> list[bytes]:
    """Return the hashes that show that the first `old` of `new` leaves are the older tree."""
    if not 0 <= old <= new:
        raise ValueError(f"A tree of {old} leaves does not come before one of {new}.")
    if old in (0, new):
        return []
    path: list[bytes] = []
    start, stop, is_whole = 0, new, True
    while old != stop - start:
        middle = start + _split(stop - start)
        if old <= middle - start:
            path.append(root_of(hashes(middle, stop)))
            stop = middle
        else:
            path.append(root_of(hashes(start, middle)))
            old -= middle - start
            start, is_whole = middle, False
    if not is_whole:
        path.append(root_of(hashes(start, stop)))
    return path[::-1]


def is_consistent(
    old: int, new: int, old_root: bytes, new_root: bytes, path: Sequence[bytes]
) -> bool:
    """Say whether `path` shows that the newer tree only added to the older one."""
    if old > new or old < 0:
        return False
    if old == new:
        return not path and old_root == new_root
    if old == 0:
        return not path and old_root == EMPTY_ROOT
    # RFC 9162, 2.1.4.2.
    steps = list(path) if old & (old - 1) else [old_root, *path]
    if not steps:
        return False
    node, last = old - 1, new - 1
    while node & 1:
        node >>= 1
        last >>= 1
    first = second = steps[0]
    for step in steps[1:]:
        if last == 0:
            return False
        if node & 1 or node == last:
            first = node_hash(step, first)
            second = node_hash(step, second)
            while node and not node & 1:
                node >>= 1
                last >>= 1
        else:
            second = node_hash(second, step)
        node >>= 1
        last >>= 1
    return last == 0 and first == old_root and second == new_root


def roots_at(sizes: Iterable[int], leaves: Iterable[bytes]) -> Iterator[tuple[int, bytes]]:
    """Return the root at each of some ascending sizes, in one pass; sizes beyond the end are left
    out."""
    wanted = iter(sorted(set(sizes)))
    tree, size = Growing(), next(wanted, None)
    for leaf in leaves:
        while size is not None and size <= tree.size:
            yield size, tree.root()
            size = next(wanted, None)
        tree.add(leaf)
    while size is not None and size <= tree.size:
        yield size, tree.root()
        size = next(wanted, None)


def _split(count: int) -> int:
    """Return the largest power of two below `count`."""
    return 1 << (count - 1).bit_length() - 1
