"""A Slack in memory that holds to its rules: channels and members, response URLs that run out, views with hashes."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field

from bot.domain.cards import Message
from bot.domain.forms import Form
from bot.domain.people import Person, Standing
from bot.errors import Fatal
from bot.ports import Posted
from tests.fakes.clock import FakeClock

URL_USES, URL_SECONDS = 5, 1800.0


@dataclass
class Channel:
    """``bot`` says whether the bot is a member."""

    id: str
    name: str
    members: frozenset[str] = frozenset()
    bot: bool = True


@dataclass
class Sent:
    """One message as it stands now."""

    posted: Posted
    message: Message
    mark: str
    thread: str | None
    broadcast: bool
    at: float
    edits: int = 0


@dataclass
class Whisper:
    """Something that only one person saw; ``by`` is url, ephemeral or direct."""

    person: Person
    channel: str
    message: Message
    by: str
    thread: str | None = None


@dataclass
class Url:
    """A response URL and how often it was used."""

    channel: str
    at: float
    uses: int = 0


@dataclass
class View:
    """An open view; filling it changes its hash."""

    hash: str
    form: Form | None = None


@dataclass
class Uploaded:
    """A file; ``channel`` and ``thread`` are empty until it is shared."""

    name: str
    content: bytes
    alt: str
    title: str = ""
    channel: str = ""
    thread: str = ""


@dataclass
class FakeChat:
    """The Chat port in memory. Set ``fails`` to an error that the next call raises before it has any effect."""

    clock: FakeClock = field(default_factory=FakeClock)
    channels: list[Channel] = field(default_factory=list)
    groups: dict[str, frozenset[str]] = field(default_factory=dict)
    handles: dict[str, str] = field(default_factory=dict)
    standings: dict[str, Standing] = field(default_factory=dict)
    """What somebody is, where not a member."""
    workspace: str = "T0SANDBOX"
    sent: list[Sent] = field(default_factory=list)
    whispers: list[Whisper] = field(default_factory=list)
    urls: dict[str, Url] = field(default_factory=dict)
    views: dict[str, View] = field(default_factory=dict)
    fails: Exception | None = None
    files: dict[str, Uploaded] = field(default_factory=dict)
    refuses_files: Exception | None = None
    """Raised by every upload."""
    loses_share: Exception | None = None
    """Raised by the next sharing, after it was done."""
    _count: int = 0

    def post(
        self, channel: str, message: Message, mark: str, *, thread: str | None = None, broadcast: bool = False
    ) -> Posted:
        self._check()
        where = self._channel(channel)
        if not where.bot:
            raise Fatal(f"not in {where.name}: invite the bot")
        posted = Posted(where.id, self._ts())
        self.sent.append(Sent(posted, message, mark, thread, broadcast and thread is not None, self.clock.now()))
        return posted

    def find(self, channel: str, mark: str, since: float, thread: str | None = None) -> Posted | None:
        self._check()
        where = self._channel(channel).id
        for sent in self.sent:
            there = sent.posted.channel == where and sent.thread == thread
            if there and sent.mark == mark and sent.at >= since:
                return sent.posted
        return None

    def update(self, posted: Posted, message: Message, mark: str) -> bool:
        self._check()
        found = next((sent for sent in self.sent if sent.posted == posted), None)
        if found is None:
            return False
        found.message, found.mark, found.edits = message, mark, found.edits + 1
        return True

    def whisper(
        self,
        person: Person,
        channel: str,
        message: Message,
        response_url: str | None = None,
        thread: str | None = None,
    ) -> None:
        self._check()
        if response_url and self._use(response_url):
            self.whispers.append(Whisper(person, self.urls[response_url].channel, message, "url"))
            return
        where = next((c for c in self.channels if channel in (c.id, f"#{c.name}")), None)
        there = where is not None and where.bot and person.user in where.members
        place, by = (channel, "ephemeral") if there else ("", "direct")
        self.whispers.append(Whisper(person, place, message, by, thread if there else None))

    def fill(self, view_id: str, view_hash: str | None, form: Form) -> None:
        self._check()
        view = self.views.get(view_id)
        if view is not None and view_hash in (None, view.hash):
            view.form, view.hash = form, f"{view.hash}+"

    def team(self) -> str:
        self._check()
        return self.workspace

    def user_group(self, group_id: str) -> frozenset[str]:
        self._check()
        return self.groups.get(self.handles.get(group_id.removeprefix("@"), group_id), frozenset())

    def member(self, person: Person) -> Standing:
        self._check()
        if person.team != self.workspace:
            return Standing.EXTERNAL
        return self.standings.get(person.user, Standing.MEMBER)

    def upload(self, name: str, content: bytes, alt: str) -> str:
        self._check()
        if self.refuses_files is not None:
            raise self.refuses_files
        if not content or len(alt) > 1000:
            raise Fatal("invalid_arguments")
        file = f"F{len(self.files)}"
        self.files[file] = Uploaded(name, content, alt)
        return file

    def share(self, file: str, title: str, channel: str, thread: str) -> None:
        self._check()
        one = self.files[file]
        one.title, one.channel, one.thread = title, self._channel(channel).id, thread
        if self.loses_share is not None:
            losing, self.loses_share = self.loses_share, None
            raise losing

    def fingerprint(self, message: Message) -> str:
        return hashlib.sha256(repr(message).encode("utf-8", "replace")).hexdigest()

    # what tests do and look at

    def delete(self, posted: Posted) -> None:
        """Somebody removes the message."""
        self.sent = [sent for sent in self.sent if sent.posted != posted]

    def response_url(self, channel: str) -> str:
        """A new response URL."""
        url = f"https://hooks.example/{len(self.urls)}"
        self.urls[url] = Url(channel, self.clock.now())
        return url

    def thread(self, posted: Posted) -> list[Sent]:
        """The replies under a message, oldest first."""
        return [s for s in self.sent if s.thread == posted.ts and s.posted.channel == posted.channel]

    def _use(self, url: str) -> bool:
        known = self.urls.get(url)
        if known is None or known.uses >= URL_USES or self.clock.now() > known.at + URL_SECONDS:
            return False
        known.uses += 1
        return True

    def _channel(self, channel: str) -> Channel:
        found = next((c for c in self.channels if channel in (c.id, f"#{c.name}", c.name)), None)
        if found is None:
            raise Fatal(f"no channel {channel}")
        return found

    def _ts(self) -> str:
        self._count += 1
        return f"{self.clock.now():.0f}.{self._count:06d}"

    def _check(self) -> None:
        if self.fails is not None:
            failing, self.fails = self.fails, None
            raise failing
