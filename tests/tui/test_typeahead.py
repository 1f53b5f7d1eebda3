"""Keys at the end of a program: what comes when its screens are gone finds nobody, and is no fault."""

from textual import events

from tui.typeahead import OneKeyAtATime


async def test_a_key_that_comes_when_the_screens_are_gone_is_let_go() -> None:
    app: OneKeyAtATime[None] = OneKeyAtATime()
    async with app.run_test() as pilot:
        await pilot.press("a", "b")
    assert not app.screen_stack
    await app.on_event(events.Key("c", "c"))
    app.release()
    assert not app.has_keys_under_way
