"""The terminal's own cursor, kept on the focus after every frame.

Braille lines, screen readers and magnifiers follow the hardware cursor. Textual hides it, and leaves it at
the top left corner after each frame unless some widget has set `App.cursor_position`. Setting it at each
move would be forgotten at the next scroll, resize or layout, so it is *asked for* instead: Textual reads
`cursor_position` when it writes a frame, and here that answers where the focus is at that moment.
"""

from textual.app import App, ReturnType
from textual.driver import Driver
from textual.geometry import Offset
from textual.widget import Widget
from textual.widgets import Input


class CursorOnFocus(App[ReturnType]):
    """An app whose hardware cursor is shown, and stands on the focus after every frame.

    A widget that has the focus says where by `cursor_screen_offset`; without that, the cursor stands on the
    first cell of its content. A screen on which nothing has the focus may have `cursor_screen_offset` too;
    without one the cursor is at the top left.
    """

    shows_cursor = True
    """Whether the cursor is seen. It stands on the focus either way, for those who only follow it."""
    plain_signs = False
    """Whether the terminal gets letters and ASCII alone, for one that shows or reads no other signs."""
    cursor_at: Widget | None = None
    """Where the cursor stands instead of on the focus, while something is told there."""

    @property
    def cursor_position(self) -> Offset:
        """Where the hardware cursor belongs now, counted from the top left corner of the screen."""
        if not self.screen_stack:
            return Offset(0, 0)
        elsewhere = self.cursor_at
        if elsewhere is not None and elsewhere.is_mounted and elsewhere.screen is self.screen:
            return cursor_of(elsewhere)
        focused = self.screen.focused
        if focused is not None:
            return cursor_of(focused)
        offset = getattr(self.screen, "cursor_screen_offset", None)
        return offset if isinstance(offset, Offset) else Offset(0, 0)

    @cursor_position.setter
    def cursor_position(self, position: Offset) -> None:
        # Textual's own widgets set it as they are edited; what was true then may not be at the next frame.
        pass

    def get_driver_class(self) -> type[Driver]:
        """Give Textual's driver for this platform, with the cursor shown where that is known how to do."""
        chosen = super().get_driver_class()
        # Deferred: the driver needs termios, which some platforms do not have.
        if chosen.__module__ == "textual.drivers.linux_driver":
            from tui.widgets.cursor_driver import CursorShown

            return CursorShown
        return chosen


def cursor_of(widget: Widget) -> Offset:
    """Give the cell of the screen where the cursor belongs when this widget has the focus."""
    if isinstance(widget, Input):
        # Textual counts one cell too far when the cursor stands after the last character (8.2.8).
        offset = widget.cursor_screen_offset
        return offset - Offset(1, 0) if widget.cursor_at_end else offset
    # The name is Textual's: Input and TextArea have it, and no base class declares it.
    own = getattr(widget, "cursor_screen_offset", None)
    return own if isinstance(own, Offset) else widget.content_region.offset
