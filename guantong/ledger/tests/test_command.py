import base64
from datetime import UTC, datetime
from pathlib import Path

import orjson
import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from guantong.ledger.models import Checkpoint, Entry
from guantong.ledger.operations import act
from guantong.ledger.signing import (
    NoteError,
    Verifier,
    checkpoint_text,
    read_checkpoint,
    signer,
    verifiers,
)
from guantong.ledger.tests.subjects import Tray
from guantong.ledger.tests.test_verification import tamper

NOW = datetime(2023, 7, 1, 8, 30, tzinfo=UTC)

pytestmark = pytest.mark.usefixtures("committed")


@pytest.fixture
def tray() -> Tray:
    with act(actor=None, now=NOW, reason="for the office") as writing:
        return writing.create(
            [Tray(code=f"T{n}", name=f"Tray {n}") for n in range(7)], code="t.tray.made"
        )[0]


def test_a_checkpoint_is_signed_kept_and_verified(tray: Tray, tmp_path: Path, capsys):
    note, hashes = tmp_path / "note", tmp_path / "hashes"
    call_command("ledger", "checkpoint", "--output", str(note), "--hashes", str(hashes))
    assert read_checkpoint(note.read_text(encoding="utf-8")).size == 7
    assert len(hashes.read_text().splitlines()) == 7
    call_command("ledger", "checkpoint")
    assert capsys.readouterr().out == note.read_text(encoding="utf-8")
    kept = ["--checkpoint", str(note), "--hashes", str(hashes)]
    call_command("ledger", "verify", *kept)
    assert "7" in capsys.readouterr().out
    tamper(f"UPDATE ledger_tests_tray SET name = 'x' WHERE id = {tray.pk}")
    with pytest.raises(SystemExit) as ended:
        call_command("ledger", "verify", "--json", *kept)
    assert ended.value.code == 1
    told = orjson.loads(capsys.readouterr().out)
    assert not told["is_clean"]
    assert told["differences"] == [
        {
            "kind": "row altered",
            "subject": f"tray {tray.pk}",
            "field": "name",
            "ledger": "“Tray 0”",
            "row": "“x”",
        }
    ]
    with pytest.raises(CommandError):
        call_command("ledger", "verify", "--hashes", str(hashes))


def test_a_proof_is_checked_without_the_database(tray: Tray, tmp_path: Path, capsys, settings):
    entry = Entry.objects.order_by("pk")[3].pk
    with pytest.raises(CommandError):
        call_command("ledger", "prove", str(entry))
    call_command("ledger", "checkpoint", "--output", str(tmp_path / "note"))
    path = tmp_path / "proof"
    call_command("ledger", "prove", str(entry), "--output", str(path))
    key = tmp_path / "vkey"
    key.write_text((settings.HOME / "keys" / "ledger.vkey").read_text())
    with connection.execute_wrapper(no_queries):
        call_command("ledger", "prove", "--check", str(path), "--key", str(key))
    assert "T3" in path.read_text()
    assert str(entry) in capsys.readouterr().out
    proof = orjson.loads(path.read_bytes())
    for spoiled in (
        {**proof, "leaf": 2},
        {**proof, "path": proof["path"][:-1]},
        {**proof, "entry": {**proof["entry"], "actor": 5}},
        {**proof, "texts": {"name": {"salt": "00" * 16, "value": '[null,"T3"]'}}},
        {**proof, "texts": {"grade": {"salt": "00" * 16, "value": '[null,"b"]'}}},
        {**proof, "checkpoint": proof["checkpoint"].replace("\n7\n", "\n8\n")},
        {**proof, "format": "other"},
        {"no": "proof"},
    ):
        path.write_bytes(orjson.dumps(spoiled))
        with pytest.raises(SystemExit):
            call_command("ledger", "prove", "--check", str(path), "--key", str(key))
    call_command("ledger", "prove", str(entry), "--without-texts", "--output", str(path))
    assert "Tray 3" not in path.read_text()
    call_command("ledger", "prove", "--check", str(path), "--key", str(key))


def no_queries(execute, sql, params, many, context):
    raise AssertionError(sql)


def test_keys_are_made_once_and_for_the_owner_only(tmp_path: Path):
    first, again = signer(tmp_path / "k"), signer(tmp_path / "k")
    assert first.verifier == again.verifier
    assert verifiers(tmp_path / "k") == [first.verifier]
    assert (tmp_path / "k" / "ledger.key").stat().st_mode & 0o777 == 0o600
    assert signer(tmp_path / "other").verifier != first.verifier


def test_notes_are_of_the_public_form(tmp_path: Path):
    # The worked example of the C2SP signed-note specification's key.
    known = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
    assert str(Verifier.parse(known)) == known
    note = (
        "If you think cryptography is the answer to your problem,\n"
        "then you don't know what your problem is.\n\n"
        "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngo"
        "tpRZb6KE6RyyBwJnAM=\n"
    )
    text, _blank, line = note.rpartition("\n\n")
    signature = base64.b64decode(line.split()[2])
    key = Verifier.parse(known)
    assert signature[:4] == key.key_hash
    mine = signer(tmp_path)
    checkpoint = read_checkpoint(
        mine.sign(checkpoint_text(mine.name, 3, bytes(32), "2023-07-01T00:00:00.000000Z"))
    )
    assert checkpoint.is_signed_by(mine.verifier)
    assert not checkpoint.is_signed_by(key)
    assert checkpoint.signed_at == "2023-07-01T00:00:00.000000Z"
    for wrong in ("x", "a+b", known.replace("c74f", "c74e"), known[:-4]):
        with pytest.raises(NoteError):
            Verifier.parse(wrong)
    for wrong in ("", "a\nb\n\n— x y\n", "o\n1\nAA==\n\n— x AA==\n", text):
        with pytest.raises(NoteError):
            read_checkpoint(wrong)


def test_without_a_key_a_stored_checkpoint_cannot_be_verified(tray: Tray, settings, tmp_path: Path):
    call_command("ledger", "checkpoint", "--output", str(tmp_path / "note"))
    assert Checkpoint.objects.count() == 1
    settings.HOME = tmp_path / "elsewhere"
    with pytest.raises(CommandError, match="--key"):
        call_command("ledger", "verify")
