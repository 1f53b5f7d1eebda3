"""What forms have in common: fields with labels, faults below them, and a way back that asks first."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING, ClassVar, TypeVar

from textual import on, work
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.widgets import Button

from tui.screens.bands import Line, Told
from tui.screens.dialogs import Buttons, Dialog, Question, button
from tui.text import _
from tui.widgets.field import Field

if TYPE_CHECKING:
    from textual.app import ComposeResult
    from textual.widget import Widget

T = TypeVar("T")


class FormField(Field):
    """A field: Enter and Down go on to what comes next, Up goes back."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down", "app.focus_next", show=False, id="form.next"),
        Binding("up", "app.focus_previous", show=False, id="form.previous"),
    ]

    async def action_submit(self) -> None:
        """Go on, so that Enter walks through the form; from the last field to the button that goes on.

        Nothing is written by it, and one more Enter must not lose what was typed.
        """
        chain = self.screen.focus_chain
        following = chain[(chain.index(self) + 1) % len(chain)]
        if isinstance(following, Button):
            self.screen.query_one("#go_on").focus()
        else:
            self.screen.focus_next()


class Form(Dialog[T]):
    """A dialog with fields; F8 goes on with what is written, Esc leaves after a question."""

    DEFAULT_CSS = """
    /* A fault that comes or goes moves what is below it, never the field in which one writes. */
    Form { align: center top; }
    Form .field { height: 1; layout: horizontal; }
    Form Field { width: 1fr; }
    Form .label { width: 14; }
    Form .fault { height: auto; color: $text-error; padding: 0 0 0 14; }
    Form .empty { display: none; }
    Form #hint { color: $text-muted; }
    """
    # Not by focus(), which comes a moment later and would take back what a key typed ahead has moved.
    AUTO_FOCUS = "FormField"
    OWN_ACTIONS: ClassVar[tuple[str, ...]] = (*Dialog.OWN_ACTIONS, "form.go_on")

    @abstractmethod
    def action_go_on(self) -> None:
        """Check what is written and go on with it, or tell what is wrong."""

    @property
    @abstractmethod
    def is_written_in(self) -> bool:
        """Whether something was typed that leaving would lose."""

    @property
    def lost(self) -> str:
        """What leaving would lose, as a sentence."""
        return _("What you typed here is lost if you leave.")

    # Parts of it ------------------------------------------------------------------------------

    def labelled(self, label: str, field: Widget) -> ComposeResult:
        """Give a field with its label before it."""
        with Vertical(classes="field"):
            line = Line(classes="label")
            line.left = label
            yield line
            yield field

    def fault_of(self, name: str) -> Told:
        """Give the place below a field where it is told what is wrong with it."""
        return Told(id=f"fault_{name}", classes="fault empty")

    def buttons(self, go_on: str) -> ComposeResult:
        """Give the two buttons: back, and on, which says ``go_on``."""
        with Buttons(id="buttons"):
            yield button(_("Back"), "back")
            yield button(go_on, "go_on")

    def tell(self, title: str, hint: str) -> None:
        """Say what the form is, and how to get on with it."""
        self.query_one("#title", Line).left = title
        self.query_one("#hint", Told).tell(hint)

    def tell_below(self, kind: str, name: str, text: str) -> None:
        """Tell something below a field, such as its fault; ``""`` takes it away."""
        told = self.query_one(f"#{kind}_{name}", Told)
        told.set_class(not text, "empty")
        told.tell(text)

    # Leaving ----------------------------------------------------------------------------------

    @on(Button.Pressed, "#back")
    def _pressed_back(self) -> None:
        self.leave()

    @on(Button.Pressed, "#go_on")
    def _pressed_go_on(self) -> None:
        self.action_go_on()

    def action_close(self) -> None:
        self.leave()

    @work(exclusive=True, group="form")
    async def leave(self) -> None:
        """Go back; ask first when something was typed."""
        if self.is_written_in:
            question = Question(_("Leave the form"), self.lost, yes=_("Leave"), no=_("Stay"))
            if not await self.app.push_screen_wait(question):
                return
        self.dismiss(None)
