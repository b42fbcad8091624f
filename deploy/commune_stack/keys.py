"""The keys of one embedded stack, kept beside the data that was made with them."""

import json
import secrets
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path

from commune_service.data_keys import new_data_keys

from commune_stack.places import write_private


@dataclass(frozen=True)
class Keys:
    """Keys of this stack's own making; nothing else knows them. Kept beside the data they belong to."""

    admin: str = field(default_factory=lambda: f"demo_{secrets.token_urlsafe(32)}")
    solver: str = field(default_factory=lambda: f"demo_{secrets.token_urlsafe(32)}")
    roster_notifier: str = field(default_factory=lambda: f"demo_{secrets.token_urlsafe(32)}")
    notifier: str = field(default_factory=lambda: f"demo_{secrets.token_urlsafe(32)}")
    office: str = field(default_factory=lambda: f"demo_{secrets.token_urlsafe(32)}")
    link_secret: str = field(default_factory=lambda: secrets.token_urlsafe(32))
    data_keys: str = field(default_factory=new_data_keys)
    lookup: str = field(default_factory=lambda: secrets.token_urlsafe(32))
    sms: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    portal_session: str = field(default_factory=lambda: secrets.token_urlsafe(32))

    @classmethod
    def of(cls, directory: Path) -> "Keys":
        """The keys this directory's data was made with: links sent out last week still open."""
        file = directory / "keys.json"
        kept = json.loads(file.read_text()) if file.exists() else {}
        keys = cls(**{name: value for name, value in kept.items() if name in {each.name for each in fields(cls)}})
        if asdict(keys) != kept:  # a new directory, or one of an older version
            directory.mkdir(parents=True, exist_ok=True)
            write_private(file, json.dumps(asdict(keys)))
        return keys
