"""Every screen, dialog and form of every role: the keys to it, what is seen there, and the keys back.

Each way begins in some room with nothing over it, and its ``leave`` ends in one. What each shows is named
by the class that draws it, so that a test can tell when a new one has no way here.
"""

from __future__ import annotations

from dataclasses import dataclass

from tests.screens.house import OWNER


@dataclass(frozen=True)
class Way:
    """A way to a screen from any room.

    ``.`` among the keys waits until nothing more is drawn. ``seen`` stands on the screen at every size.
    ``stops`` is how many places Tab goes round. ``leave`` are keys that put back what Esc does not.
    """

    name: str
    draws: str
    keys: tuple[str, ...]
    seen: str
    stops: int
    leave: tuple[str, ...] = ()

    @property
    def is_room(self) -> bool:
        """Whether it is one of the rooms in the line of rooms, which one key leads to."""
        return self.seen.startswith(">") and len(self.keys) == 1


LETTER = (f"{OWNER}-7777", "enter", "Åsa", "enter", "Öberg", "enter", "asa@sundsvall.example", "f8")

ADMINISTRATOR = (
    Way("users", "UsersRoom", ("1",), ">1 ", 2),
    Way("details", "UsersRoom", ("1", "d"), "Har: ", 2, ("d",)),
    Way("search", "UsersRoom", ("1", "ctrl+f", "an"), "Sök: an", 2, ("escape", "escape")),
    Way(
        "nobody found",
        "UsersRoom",
        ("1", "ctrl+f", "qqq", "enter"),
        "Ingen motsvarar",
        2,
        ("escape", "escape"),
    ),
    Way("sort", "Choice", ("1", "s"), "Sortera efter", 2),
    Way("filter", "Choice", ("1", "f"), "Visa bara", 2),
    Way("form", "AccountForm", ("1", "n"), "Enter går", 6),
    Way("losing a form", "Question", ("1", "n", ".", "S", "escape"), "Lämna formuläret", 2),
    Way("deregister", "Question", ("1", "home", "delete"), "[ Behåll", 2),
    Way("a day", "Ask", ("1", "c"), "Som det var en dag", 1),
    Way("differences", "Reading", ("1", "j", ".", "2021-02-01", "enter"), "1 februari 2021", 1),
    Way("the past", "UsersRoom", ("1", "c", ".", "2023-05-04", "enter"), "4 maj 2023", 2),
    Way("permissions", "PermissionsRoom", ("2",), ">2 ", 2),
    Way("folded", "PermissionsRoom", ("2", "w"), "Hopvikt", 2, ("w",)),
    Way("column", "Choice", ("2", "ctrl+g"), "Gå till kolumn", 2),
    Way("history of a cell", "Choice", ("2", "h"), "Historik för detta", 2),
    Way("person", "PersonRoom", ("2", "b"), "TSTN", 1),
    Way("review", "ReviewRoom", ("2", "home", "down", "g", "right", "g", "f8"), "[ Skriv ", 4),
    Way("drop everything", "Question", ("f8", ".", "ctrl+k"), "Släng allt", 2),
    Way("news", "NewsRoom", ("3",), ">3 ", 2),
    Way("announcement", "AnnouncementRoom", ("3", "end", "enter"), "Rubrik:", 1),
    Way("filter of the news", "Choice", ("3", "f"), "Visa bara", 2),
    Way("support", "SupportRoom", ("4",), ">4 ", 1),
    Way("kinds of letters", "Choice", ("4", "b"), "Brev om", 2),
    Way("letter form", "LetterForm", ("4", "b", "enter"), "Registrera en", 6),
    Way("letter", "LetterScreen", ("4", "b", "enter", ".", *LETTER), "Brev till", 6),
    Way(
        "path of a letter",
        "PathForm",
        ("4", "b", "enter", ".", *LETTER, ".", "tab", "right", "right", "enter"),
        "Spara brevet som",
        3,
    ),
    Way("question form", "QuestionForm", ("4", "f", ".", "x", "enter", "y"), "Fråga till", 4),
    Way("history", "WritesRoom", ("5",), ">5 ", 1),
    Way("a write", "Reading", ("5", "enter"), "En skrivning", 1),
    Way("filter of the history", "Choice", ("5", "f"), "Visa bara", 2),
    Way("export", "Ask", ("5", "e"), "Exportera", 1),
    Way("undoing", "ReviewRoom", ("5", "u"), "Ångra det som", 4),
    Way("palette", "Choice", ("1", "ctrl+p"), "Alla kommandon", 2),
    Way("help", "Help", ("1", "f1"), "I listan", 1),
    Way("accessibility", "Choice", ("1", "f1", ".", "f1"), "Tillgänglighet", 2),
    Way("messages", "Reading", ("1", "f6"), "Meddelanden", 1),
    Way("whole text", "Reading", ("1", "i"), "Hela texten", 1),
    Way("manual", "Choice", ("1", "f2"), "Handledning", 2),
    Way("page of the manual", "PageScreen", ("1", "f2", ".", "starta", ".", "enter"), "Starta", 1),
    Way("answers", "Choice", ("1", "f3"), "Frågor och svar", 2),
    Way("colours", "Choice", ("1", "f9"), "Visning", 2),
    Way("leaving", "Question", ("2", "home", "down", "g", "ctrl+x"), "[ Stanna ]", 2),
)

SUPPORT = (
    Way("search", "SearchRoom", ("1", "ctrl+f", "berg"), "8 personer", 2),
    Way("card", "CardRoom", ("1", "ctrl+f", "berg", ".", "down", "enter"), "Registrerades", 1),
    Way("spelled", "Reading", ("1", "ctrl+f", "berg", ".", "down", "enter", ".", "b"), "bokstaverat", 1),
    Way(
        "amend", "AccountForm", ("1", "ctrl+f", "berg", ".", "down", "enter", ".", "e"), "Ändra uppgifter", 6
    ),
    Way("dismiss", "ReviewRoom", ("1", "ctrl+f", "berg", ".", "down", "enter", ".", "d"), "[ Skriv", 4),
    Way("organisation", "OrganisationRoom", ("1", "ctrl+f", "berg", ".", "down", "o"), "212000-2411", 1),
    Way("appoint", "AccountForm", ("1", "ctrl+f", "berg", ".", "down", "o", ".", "a"), "Enter går", 6),
    Way("details", "FieldsForm", ("1", "ctrl+f", "berg", ".", "down", "o", ".", "e"), "Organisationens", 4),
    Way("catalogue", "CatalogueRoom", ("2",), ">2 ", 1),
    Way("in which service", "Choice", ("2", "home", "down", "n"), "I vilken", 2),
    Way("launch", "FieldsForm", ("2", "home", "n", ".", "enter"), "Lansera en", 7),
    Way("rename", "FieldsForm", ("2", "home", "down", "e"), "Nytt namn", 4),
    Way("retire", "FieldsForm", ("2", "home", "down", "delete"), "Upphör den", 3),
    Way("write news", "AnnouncementForm", ("3", "n"), "Tabb går", 13),
    Way(
        "kind of news",
        "Choice",
        ("3", "n", ".", "shift+tab", "shift+tab", "shift+tab", "enter"),
        "Enter Välj",
        2,
    ),
    Way("preview", "Preview", ("3", "n", ".", "Rubriken", *["tab"] * 6, "Texten", "f4"), "Rubriken", 1),
    Way("withdraw", "ReviewRoom", ("3", "delete"), "[ Skriv", 4),
    Way("contact", "ContactForm", ("4", "e"), "Kontaktcenters", 6),
    Way("support", "SupportRoom", ("4",), ">4 ", 1),
    Way("history", "WritesRoom", ("5",), ">5 ", 1),
    Way("help", "Help", ("5", "f1"), "Uppåt", 1),
    Way("palette", "Choice", ("5", "ctrl+p"), "Alla kommandon", 2),
)

USER = (
    Way("own", "OwnRoom", ("1",), ">1 ", 1),
    Way("help", "Help", ("f1",), "Uppåt", 1),
    Way("manual", "Choice", ("f2",), "Handledning", 2),
    Way("answers", "Choice", ("f3",), "Frågor och svar", 2),
    Way("palette", "Choice", ("ctrl+p",), "Alla kommandon", 2),
    Way("messages", "Reading", ("f6",), "Meddelanden", 1),
    Way("colours", "Choice", ("f9",), "Visning", 2),
)

ROLES = {"administrator": ADMINISTRATOR, "support": SUPPORT, "user": USER}
