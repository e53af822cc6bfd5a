"""A bot of fakes to whose people link accounts: Ana is linked, Ben and Eve are not."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from bot.domain.cards import Message
from bot.domain.commands import Link, Origin, Review
from bot.domain.link_cards import LinkOffer
from bot.domain.linking import LinkStart
from bot.domain.people import Person
from bot.ports import LinkedAccount
from bot.ports.signin import ForgeUser, Onward, Shown, SignIn
from bot.usecases.linking_web import LinkingWeb
from tests.fakes.checkout import FakeCheckout
from tests.fakes.clock import FakeClock
from tests.fakes.links import FakeLinks
from tests.fakes.signin import FakeForgeSignIn, FakeLinkStarts, FakeSlackSignIn
from tests.usecases.fleet_files import POLICY, as_bytes
from tests.usecases.stop_rig import ANA, BEN, NOW, Rig

EVE = Person(team="T0SANDBOX", user="U0EVE")
USERS = {name: ForgeUser(name, number) for number, name in enumerate(("ana", "ben", "eve", "mallory"), start=1001)}
CHANNEL = Origin(channel="C0DEPLOYS")


class LinkRig(Rig):
    """``web`` are the browser's steps; ``forge`` and ``slack`` the two services that people sign in to."""

    def __init__(self, policy: str = POLICY, **sql: Any) -> None:
        super().__init__(FakeCheckout(as_bytes(_slackops_yaml=policy)), FakeClock(NOW))
        self.slack, self.forge, self.starts = FakeSlackSignIn(), FakeForgeSignIn(dict(USERS)), FakeLinkStarts()
        self.links = sql.get("links") or FakeLinks(LinkedAccount(ANA, "ana", "pat", account=1001))
        if isinstance(self.links, FakeLinks):
            self.links.audit, self.links.inbox = self.audit, self.inbox
        tokens = sql.get("tokens") or self.links
        self.signin = SignIn(self.slack, self.forge, sql.get("starts") or self.starts, tokens, "https://bot.test")
        self.ctx = replace(self.ctx, links=self.links, signin=self.signin)
        self.dispatcher.ctx = self.ctx
        self.web = LinkingWeb(self.ctx)

    def ticket(self, by: Person = BEN, key: str = "k1", then: Review | None = None) -> str:
        """The ticket behind the button that somebody is given."""
        self.ask(Link, key, by=by, then=then)
        offer = self.whispered()
        assert isinstance(offer, LinkOffer), offer
        return offer.url.partition("?t=")[2]

    def walk(self, ticket: str, slack: Person = BEN, github: str = "ben", cookie: str = "") -> Shown:
        """The whole way through one browser, as far as it goes."""
        found = self.web.begin(ticket, cookie)
        if isinstance(found, Shown):
            return found
        cookie = found.cookie or cookie
        code, state = self.slack.consent(found.url, slack.user, slack.team)
        found = self.web.slack(code, state, "", cookie)
        if isinstance(found, Shown):
            return found
        code, state = self.forge.consent(found.url, github)
        last = self.web.github(code, state, "", cookie)
        assert isinstance(last, Shown)
        return last

    def sent_off(self, ticket: str, cookie: str = "") -> tuple[Onward, str]:
        """The browser is on its way to Slack; and its cookie."""
        found = self.web.begin(ticket, cookie)
        assert isinstance(found, Onward)
        return found, found.cookie or cookie

    def work(self) -> list[str]:
        """Carry out what is due; the kinds of the rows."""
        done = []
        while row := self.inbox.claim("w", 60):
            self.dispatcher(row)
            self.inbox.done(row)
            done.append(row.command.kind)
        return done

    def noted(self, what: str) -> list[Any]:
        """The audit rows of a deed."""
        return [row.entry for row in self.audit.chain if row.entry.what == what]

    def start(self) -> LinkStart:
        """The one start that there is."""
        (one,) = self.starts.starts.values()
        return one

    def heard(self, by: Person) -> list[Message]:
        """What only this person saw."""
        return [one.message for one in self.chat.whispers if one.person == by]
