"""What is told: nothing that comes by itself hides what the last key led to before another key."""

from __future__ import annotations

from tui.messages import MOST_MESSAGES, Messages, Told


def told(text: str, *, problem: bool = False) -> Told:
    return Told("10:00", text, problem)


def test_what_comes_by_itself_stands_behind_what_is_not_read() -> None:
    messages = Messages()
    messages.say(told("Skrivet."))
    messages.say_besides(told("Bo skrev."))
    assert messages.shown.text == "Skrivet. Bo skrev."
    messages.say_besides(told("Kim skrev."))
    assert messages.shown.text == "Skrivet. Kim skrev."
    messages.is_read()
    messages.say_besides(told("Ada skrev."))
    assert messages.shown.text == "Ada skrev."
    messages.say(told("Ångrat."))
    assert messages.shown.text == "Ångrat."
    assert [each.text for each in messages.log] == [
        *("Skrivet.", "Bo skrev.", "Kim skrev.", "Ada skrev.", "Ångrat."),
    ]


def test_of_losing_the_storage_and_having_it_back_the_last_is_shown() -> None:
    messages = Messages()
    messages.say(told("Skrivet."))
    messages.say_of_contact(told("Ingen kontakt.", problem=True))
    assert messages.shown == told("Skrivet. Ingen kontakt.", problem=True)
    messages.say_besides(told("Ny dag."))
    assert messages.shown.text == "Skrivet. Ingen kontakt. Ny dag."
    messages.say_of_contact(told("Kontakt igen."))
    assert messages.shown.text == "Skrivet. Kontakt igen."
    messages.say_also(told("Utkastet är kvar."))
    assert messages.shown.text == "Skrivet. Utkastet är kvar. Kontakt igen."


def test_what_is_hushed_stays_in_the_log_which_has_an_end() -> None:
    messages = Messages()
    messages.say(told("Först.", problem=True))
    messages.hush()
    assert messages.shown == Told("", "")
    messages.say_besides(told("Sedan."))
    assert messages.shown == told("Sedan.")
    for number in range(MOST_MESSAGES):
        messages.keep(told(str(number)))
    assert [messages.log[0].text, len(messages.log)] == ["0", MOST_MESSAGES]
