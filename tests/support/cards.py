"""Any card and any form, for hypothesis; and one of each as it is usually seen."""

from __future__ import annotations

from typing import TypeVar

import hypothesis.strategies as st

from bot.domain import cards, forms
from bot.domain.change import Action
from bot.domain.gates import GateResult, GateState
from bot.domain.people import Person
from bot.domain.stop_cards import StopLine, StopList, StopNews
from tests.support.comparison_cards import comparison_cards

T = TypeVar("T")

NASTY = (
    "<!channel> <@U0ANA> *bold* _it_ ~no~ `code` ``` :fire: &amp; <https://evil.example|x>",
    "> quote\n> more\u202e\u0000\ud800",
    "\U0001f600" * 900,
    "&" * 900,
    "`" * 201,
    " ",
)
text = st.one_of(st.text(max_size=60), st.sampled_from(NASTY), st.just("long words " * 300))
word = st.one_of(st.text(max_size=12), st.sampled_from(NASTY))
ident = st.from_regex(r"[0-9A-HJKMNP-TV-Z]{26}", fullmatch=True)
digest = st.from_regex(r"[0-9a-f]{64}", fullmatch=True)
number = st.floats(allow_nan=True, allow_infinity=True)
person = st.builds(Person, team=word, user=st.one_of(st.sampled_from(["U0ANA", "W1"]), word))
url = st.one_of(st.just("https://forge.example/acme/ml/pull/7"), st.just("javascript:alert(1)"), word)


def some(strategy: st.SearchStrategy[T], most: int = 6) -> st.SearchStrategy[tuple[T, ...]]:
    return st.lists(strategy, max_size=most).map(tuple)


gate = st.builds(GateResult, text, st.sampled_from(GateState), text, text, st.booleans(), word, text)
edit = st.builds(cards.EditLine, text, st.integers(0, 9999), text, text)
maybe_number = st.none() | number
metric = st.builds(cards.MetricLine, text, maybe_number, maybe_number, st.none() | st.booleans())
verdict = st.sampled_from(["APPROVED", "CHANGES_REQUESTED", "DISMISSED"]) | word
review = st.builds(cards.ReviewLine, word, st.none() | person, verdict, st.booleans(), text, text, st.integers())
deployed = st.builds(cards.DeployedLine, word, st.none() | word, word, st.none() | text)
line = st.builds(cards.ModelLine, text, some(deployed), st.none() | word, some(text))
version = st.builds(cards.VersionLine, word, some(word), number, st.dictionaries(word, number, max_size=6), some(word))
notify = some(st.sampled_from(["slack:U0ANA", "slack:T0/U0BEN", "slack:S0TEAM", "github:acme/x"]) | word, 40)

stop_line = st.builds(StopLine, text, person, number, st.none() | number, st.none() | text)

change_card = st.builds(
    cards.ChangeCard,
    change=ident,
    digest=digest,
    number=st.integers(1, 10**9),
    url=url,
    action=st.sampled_from(Action),
    model=text,
    environment=word,
    frm=st.none() | word,
    to=word,
    stage=st.sampled_from(cards.Stage),
    requesters=some(person),
    reason=st.none() | text,
    metrics=some(metric),
    gates=some(gate),
    approvals=st.integers(0, 9),
    required=st.integers(0, 9),
    reviews=some(review),
    edits=some(edit),
    note=text,
    held=st.booleans(),
    can_decide=st.booleans(),
    back_to=st.none() | text,
    owner=st.none() | person,
    can_take_on=st.booleans(),
    serving=text,
    ladder=st.lists(st.sampled_from(["pause", "resume", "next", "abort"]), unique=True).map(tuple),
    stops=some(st.sampled_from(["ban", "freeze"]), 2),
    by_rule=text,
    times=some(st.tuples(text, number), 6),
    why=some(text, 5),
)
message = st.one_of(
    change_card,
    comparison_cards(text, word, url),
    st.builds(cards.Receipt, text, st.none() | url, word),
    st.builds(cards.Refusal, text, word, text, st.none() | text),
    st.builds(cards.ThreadEvent, text, st.none() | person),
    st.builds(cards.ThreadNews, text, text, notify, st.booleans(), st.none() | ident, st.none() | text),
    st.builds(
        cards.ConfirmCard,
        text,
        text,
        some(text, 12),
        some(edit),
        text,
        word,
        text,
        digest,
        ident,
        st.booleans(),
    ),
    st.builds(
        cards.PlanCard,
        text,
        text,
        st.none() | text,
        st.none() | word,
        word,
        some(gate),
        some(edit),
        st.integers(0, 9),
        some(word),
    ),
    st.builds(cards.ModelList, some(line, 8), text),
    st.builds(cards.ModelDetail, line, some(version, 5), st.none() | word, text),
    st.builds(StopNews, text, person, st.none() | text, st.none() | number, text, text),
    st.builds(StopList, text, some(stop_line, 40), text, text),
    st.builds(cards.Help, some(st.builds(cards.HelpLine, text, text), 30), text),
)
choice = st.builds(forms.Choice, word, word)
choices = some(choice, 6) | st.integers(99, 130).map(
    lambda n: tuple(forms.Choice(f"model-{i}", f"model-{i}") for i in range(n))
)
channel = st.sampled_from(["", "C0DEPLOYS"])
opt = st.none() | text
form = st.one_of(
    st.builds(forms.LoadingForm, text),
    st.builds(forms.PromoteForm, choices, choices, opt, opt, opt, opt, channel),
    st.builds(forms.RollbackForm, choices, choices, opt, opt, opt, opt, channel),
    st.builds(forms.UnpinForm, choices, choices, opt, opt, opt, channel),
    st.builds(forms.FreezeForm, choices, choices, opt, opt, opt, opt, channel),
    st.builds(forms.BanForm, choices, opt, opt, opt, channel),
    st.builds(
        forms.CommentForm,
        st.sampled_from(["request_changes", "close", "hold"]),
        text,
        text,
        text,
        text,
        st.booleans(),
        ident,
        digest,
        channel,
    ),
    st.builds(forms.DiffView, text, text, text, st.none() | url),
    st.builds(forms.FormFault, text, text, st.none() | text),
)


def review_card(**changes: object) -> cards.ChangeCard:
    """The card of the design's first example."""
    usual: dict[str, object] = {
        "change": "01JD0000000000000000000000",
        "digest": "d" * 64,
        "number": 7,
        "url": "https://forge.example/acme/ml/pull/7",
        "action": Action.PROMOTE,
        "model": "fraud-detector",
        "environment": "production",
        "frm": "41",
        "to": "42",
        "stage": cards.Stage.REVIEW,
        "requesters": (Person(team="T0SANDBOX", user="U0ANA"),),
        "reason": "recall on new cards",
        "metrics": (cards.MetricLine("roc_auc", 0.941, 0.948, better=True),),
        "gates": tuple(GateResult(f"gate {n}", GateState.PASS, "0.95", ">= 0.9") for n in range(4)),
        "approvals": 0,
        "required": 2,
        "reviews": (),
        "edits": (cards.EditLine("models/fraud.yaml", 12, "s3://m/41", "s3://m/42"),),
    }
    return cards.ChangeCard(**{**usual, **changes})  # type: ignore[arg-type]
