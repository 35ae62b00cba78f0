"""The installation's key, and checkpoints as signed notes (C2SP signed-note, tlog-checkpoint)."""

import base64
import binascii
import hashlib
import os
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

ED25519 = b"\x01"
PRIVATE_FILE = "ledger.key"
PUBLIC_FILE = "ledger.vkey"


class NoteError(ValueError):
    """A note or key is not of the form that it should have."""


@dataclass(frozen=True)
class Verifier:
    """A public key with the name under which it signs."""

    name: str
    public: bytes

    @property
    def key_hash(self) -> bytes:
        return hashlib.sha256(self.name.encode() + b"\n" + ED25519 + self.public).digest()[:4]

    def __str__(self) -> str:
        key = base64.b64encode(ED25519 + self.public).decode()
        return f"{self.name}+{self.key_hash.hex()}+{key}"

    @classmethod
    def parse(cls, line: str) -> "Verifier":
        try:
            name, key_hash, key = line.strip().split("+", 2)
            raw = base64.b64decode(key, validate=True)
        except (ValueError, binascii.Error) as error:
            raise NoteError("A public key is written name+hash+key.") from error
        verifier = cls(name, raw[1:])
        if raw[:1] != ED25519 or len(raw) != 33 or verifier.key_hash.hex() != key_hash:
            raise NoteError("The public key does not match its own hash, or is no Ed25519 key.")
        return verifier


@dataclass(frozen=True)
class Signer:
    """The private key of an installation."""

    name: str
    private: Ed25519PrivateKey

    @property
    def verifier(self) -> Verifier:
        public = self.private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        return Verifier(self.name, public)

    def sign(self, text: str) -> str:
        """Return the signed note over `text`, which ends with a newline."""
        if not text.endswith("\n"):
            raise NoteError("The text of a note ends with a newline.")
        signature = self.verifier.key_hash + self.private.sign(text.encode())
        return f"{text}\n— {self.name} {base64.b64encode(signature).decode()}\n"


@dataclass(frozen=True)
class SignedCheckpoint:
    """What a checkpoint's note says, and the signatures under it."""

    origin: str
    size: int
    root: bytes
    signed_at: str
    text: str
    signatures: tuple[tuple[str, bytes], ...]

    def is_signed_by(self, verifier: Verifier) -> bool:
        for name, signature in self.signatures:
            if name != verifier.name or signature[:4] != verifier.key_hash:
                continue
            try:
                key = Ed25519PublicKey.from_public_bytes(verifier.public)
                key.verify(signature[4:], self.text.encode())
            except InvalidSignature:
                continue
            return True
        return False


def checkpoint_text(origin: str, size: int, root: bytes, signed_at: str) -> str:
    """Return the text of a checkpoint; the moment stands in an extension line."""
    return f"{origin}\n{size}\n{base64.b64encode(root).decode()}\nsigned at {signed_at}\n"


def read_checkpoint(note: str) -> SignedCheckpoint:
    """Take a checkpoint's note apart; whether it is signed is another question."""
    text, separator, below = note.replace("\r\n", "\n").rpartition("\n\n")
    lines = text.split("\n")
    if not separator or len(lines) < 3:
        raise NoteError("This is no checkpoint: it wants an origin, a size, a root, a signature.")
    signatures = []
    for line in below.splitlines():
        dash, _space, rest = line.partition(" ")
        name, _space, encoded = rest.partition(" ")
        if dash != "—" or not name:
            raise NoteError("A signature line of the checkpoint is not of its form.")
        signatures.append((name, _decoded(encoded)))
    if not lines[1].isdecimal() or len(root := _decoded(lines[2])) != 32:
        raise NoteError("The size or the root of the checkpoint is not of its form.")
    said = next((line for line in lines[3:] if line.startswith("signed at ")), "")
    return SignedCheckpoint(
        origin=lines[0],
        size=int(lines[1]),
        root=root,
        signed_at=said.removeprefix("signed at "),
        text=text + "\n",
        signatures=tuple(signatures),
    )


def signer(folder: Path) -> Signer:
    """Return the installation's key; it is made when first wanted, readable by its owner only."""
    path = folder / PRIVATE_FILE
    if not path.exists():
        _make_key(folder)
    private = load_pem_private_key(path.read_bytes(), password=None)
    if not isinstance(private, Ed25519PrivateKey):
        raise NoteError(f"{path} holds no Ed25519 key.")
    return Signer(_name_of(private), private)


def verifiers(folder: Path) -> list[Verifier]:
    """Return the public keys that this installation has signed with, the present one first."""
    path = folder / PUBLIC_FILE
    if not path.exists():
        return []
    return read_verifiers(path.read_text())


def read_verifiers(text: str) -> list[Verifier]:
    """Return the public keys of a key file, one to a line."""
    return [Verifier.parse(line) for line in text.splitlines() if line.strip()]


def _make_key(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    private = Ed25519PrivateKey.generate()
    pem = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    # Written aside and linked into place, so that two processes which start at once share one key
    # and none reads half of it.
    aside = folder / f"{PRIVATE_FILE}.{os.getpid()}"
    with os.fdopen(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(pem)
    try:
        os.link(aside, folder / PRIVATE_FILE)
    except FileExistsError:
        return
    finally:
        aside.unlink()
    made = Signer(_name_of(private), private).verifier
    public = folder / PUBLIC_FILE
    before = public.read_text() if public.exists() else ""
    public.write_text(f"{made}\n{before}")


def _name_of(private: Ed25519PrivateKey) -> str:
    """Return a name that no other installation has: a key's name is made from the key."""
    public = private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    return f"guantong-{hashlib.sha256(public).hexdigest()[:12]}"


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (ValueError, binascii.Error) as error:
        raise NoteError("The checkpoint holds something that is not base64.") from error
