import hashlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guantong.ledger.hashing import leaf_hash
from guantong.ledger.tree import (
    EMPTY_ROOT,
    Growing,
    consistency_path,
    inclusion_path,
    is_consistent,
    root_from_inclusion,
    root_of,
    roots_at,
)

# The leaves and roots with which Certificate Transparency's implementations are tested.
INPUTS = [
    "", "00", "10", "2021", "3031", "40414243", "5051525354555657",
    "606162636465666768696a6b6c6d6e6f",
]  # fmt: skip
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
LEAVES = [leaf_hash(bytes.fromhex(text)) for text in INPUTS]

leaves = st.lists(st.binary(min_size=32, max_size=32), min_size=1, max_size=70)


def by_definition(hashes: list[bytes]) -> bytes:
    """MTH(D[n]) of RFC 6962, 2.1, word for word."""
    if not hashes:
        return hashlib.sha256(b"").digest()
    if len(hashes) == 1:
        return hashes[0]
    k = 1
    while k * 2 < len(hashes):
        k *= 2
    left, right = by_definition(hashes[:k]), by_definition(hashes[k:])
    return hashlib.sha256(b"\x01" + left + right).digest()


def test_known_roots():
    assert root_of([]) == EMPTY_ROOT
    for size, root in enumerate(ROOTS, start=1):
        assert root_of(LEAVES[:size]).hex() == root


def test_known_paths():
    path = inclusion_path(5, 8, lambda a, b: LEAVES[a:b])
    assert [step.hex() for step in path] == [
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ]
    path = consistency_path(6, 8, lambda a, b: LEAVES[a:b])
    assert [step.hex() for step in path] == [
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ]


@settings(max_examples=60)
@given(leaves, st.data())
def test_a_tree_goes_on_from_its_frontier(hashes: list[bytes], data: st.DataObject):
    cut = data.draw(st.integers(0, len(hashes)))
    first = Growing()
    first.extend(hashes[:cut])
    again = Growing(first.size, first.frontier)
    again.extend(hashes[cut:])
    assert again.root() == by_definition(hashes)
    assert dict(roots_at([cut, len(hashes), 1000], hashes)) == {
        cut: by_definition(hashes[:cut]),
        len(hashes): by_definition(hashes),
    }


@settings(max_examples=60)
@given(leaves, st.data())
def test_inclusion_holds_for_its_own_leaf_only(hashes: list[bytes], data: st.DataObject):
    index = data.draw(st.integers(0, len(hashes) - 1))
    root = by_definition(hashes)
    path = inclusion_path(index, len(hashes), lambda a, b: hashes[a:b])
    assert root_from_inclusion(index, len(hashes), hashes[index], path) == root
    assert root_from_inclusion(index, len(hashes), b"\x00" * 31 + b"x", path) != root
    assert root_from_inclusion(index, len(hashes), hashes[index], [*path, root]) != root
    if path:
        assert root_from_inclusion(index, len(hashes), hashes[index], path[:-1]) != root
    assert root_from_inclusion(len(hashes), len(hashes), hashes[index], path) is None


@settings(max_examples=60)
@given(leaves, st.data())
def test_consistency_holds_for_a_true_beginning_only(hashes: list[bytes], data: st.DataObject):
    old = data.draw(st.integers(0, len(hashes)))
    path = consistency_path(old, len(hashes), lambda a, b: hashes[a:b])
    before, now = by_definition(hashes[:old]), by_definition(hashes)
    assert is_consistent(old, len(hashes), before, now, path)
    assert not is_consistent(old, len(hashes), b"\x01" * 32, now, path)
    if 0 < old < len(hashes):
        assert not is_consistent(old, len(hashes), before, b"\x01" * 32, path)
        for n in range(len(path)):
            wrong = [*path[:n], bytes(32), *path[n + 1 :]]
            assert not is_consistent(old, len(hashes), before, now, wrong)


def test_what_cannot_be_is_refused():
    with pytest.raises(ValueError, match="no leaf 3"):
        inclusion_path(3, 3, lambda a, b: LEAVES[a:b])
    with pytest.raises(ValueError, match="does not come before"):
        consistency_path(4, 3, lambda a, b: LEAVES[a:b])
    with pytest.raises(ValueError, match="perfect subtrees"):
        Growing(3, [bytes(32)])
