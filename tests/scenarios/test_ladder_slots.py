"""Two slots: an A/B step that waits for a person, and a blue/green switch."""

from __future__ import annotations

from tests.scenarios.ladder_world import ended
from tests.scenarios.world import ANA, BEN, World, everything

FILE = "models/fraud-detector/production/slots.yaml"
SLOTS = """\
stable: {version: "3", weight: 100}
other: {version: "2", weight: 0}
serves: blue
"""
TARGET = """  fraud-detector:
    steps: {production: {%s}}
    targets:
      production:
        - files: [models/fraud-detector/production/slots.yaml]
          set:
            - {at: stable.version, value: "{version}"}
            - {role: candidate, at: other.version, value: "{version}"}
"""
WEIGHTS = """            - {role: percent, at: other.weight, value: "{percent}"}
            - {role: rest, at: stable.weight, value: "{rest}"}
"""
SWITCH = '            - {role: switch, at: serves, value: "{slot}"}\n'


async def begun(world: World, steps: str, places: str, share: str) -> dict[str, object]:
    await world.push(FILE, SLOTS)
    await world.change_policy("  fraud-detector:\n", TARGET % steps + places)
    await world.say("/promote fraud-detector 4 production")
    card = await world.card(f"Review: fraud-detector 3→4 {share} %, production")
    await world.click(card, "change.approve", BEN)
    await world.merged(1)
    return card


async def test_a_b_waits_for_a_person(world: World) -> None:
    card = await begun(world, "mode: ab, percents: [50, 100], watch: 0s, metric: roc_auc", WEIGHTS, "50")
    shown = await world.shows(card, "Decide by roc_auc: 4 has 0.")
    assert "4 gets 50 %, 3 gets 50 %" in everything(shown)
    await world.settled()
    assert len(world.pulls()) == 1
    assert '{version: "3", weight: 50}' in world.file(FILE)
    await world.click(card, "ladder.next", ANA)
    await ended(world, 2)
    assert 'stable: {version: "4", weight: 100}\nother: {version: "4", weight: 0}' in world.file(FILE)


async def test_a_b_aborted_is_at_rest(world: World) -> None:
    card = await begun(world, "mode: ab, percents: [50, 100], watch: 0s, metric: roc_auc", WEIGHTS, "50")
    await world.shows(card, "ladder.abort")
    await world.click(card, "ladder.abort", ANA)
    await ended(world, 2)
    await world.settled()
    assert len(world.pulls()) == 2
    assert 'stable: {version: "3", weight: 100}\nother: {version: "4", weight: 0}' in world.file(FILE)


async def test_blue_green_writes_the_idle_slot_and_flips(world: World) -> None:
    await begun(world, "mode: blue-green, watch: 0s", SWITCH, "0")
    await ended(world, 2)
    assert 'other: {version: "4", weight: 0}\nserves: green' in world.file(FILE)
    await world.say("/rollback fraud-detector production")
    back = await world.card("Review: roll back fraud-detector 4→3, production")
    await world.click(back, "change.approve", BEN)
    await world.merged(3)
    assert 'other: {version: "4", weight: 0}\nserves: blue' in world.file(FILE)


async def test_blue_green_aborted_leaves_what_serves_alone(world: World) -> None:
    card = await begun(world, "mode: blue-green, watch: 1h", SWITCH, "0")
    await world.shows(card, "3 gets all, 4 stands by")
    await world.click(card, "ladder.abort", ANA)
    await world.thread(card, "aborted the ladder")
    await world.settled()
    assert "serves: blue" in world.file(FILE)
    assert len(world.pulls()) == 1
    await world.say("/promote fraud-detector 4 production")
    again = await world.card("Review: fraud-detector 3→4, production")
    await world.click(again, "change.approve", BEN)
    await world.merged(2)
    assert "serves: green" in world.file(FILE)
