"""Every write of bulletins: they are written, reviewed, signed, published, withdrawn."""

from guantong.bulletins.operations.deciding import (
    CannotSignBulletin,
    CannotSubmitBulletin,
    CannotWithdrawBulletin,
    sign_bulletins,
    submit_bulletins,
    withdraw_bulletins,
)
from guantong.bulletins.operations.publishing import CannotPublishBulletin, publish_bulletins
from guantong.bulletins.operations.writing import (
    BulletinDraft,
    CannotRewriteBulletin,
    CannotWriteBulletin,
    bulletin_of,
    rewrite_bulletin,
    write_bulletins,
)

__all__ = [
    "BulletinDraft",
    "CannotPublishBulletin",
    "CannotRewriteBulletin",
    "CannotSignBulletin",
    "CannotSubmitBulletin",
    "CannotWithdrawBulletin",
    "CannotWriteBulletin",
    "bulletin_of",
    "publish_bulletins",
    "rewrite_bulletin",
    "sign_bulletins",
    "submit_bulletins",
    "withdraw_bulletins",
    "write_bulletins",
]
