"""The themes: dark, light and high contrast. Red is for the cause alone; one accent colour. A test holds AA."""

from dataclasses import replace

from textual.theme import Theme

DARK = Theme(
    name="cogwizard-dark",
    primary="#7aa2f7",
    secondary="#c4a7e7",
    accent="#7dcfff",
    foreground="#e6e6ea",
    background="#16181d",
    surface="#1e2128",
    panel="#262a33",
    success="#8fd19e",
    warning="#f0c674",
    error="#ff7b85",
    dark=True,
    variables={
        "foreground-muted": "#a9b0bd",
        "footer-key-foreground": "#7dcfff",
        "input-selection-background": "#34507f",
        "screen-selection-background": "#34507f",
        "scrollbar": "#6b7488",
        "scrollbar-background": "#16181d",
    },
)
LIGHT = Theme(
    name="cogwizard-light",
    primary="#1a4fa3",
    secondary="#6b3fa0",
    accent="#005f87",
    foreground="#1b1d22",
    background="#fbfbf8",
    surface="#f0f0ec",
    panel="#e4e4de",
    success="#1d6b34",
    warning="#7a4b00",
    error="#b00020",
    dark=False,
    variables={
        "foreground-muted": "#4c5260",
        "footer-key-foreground": "#005f87",
        "input-selection-background": "#bcd0ee",
        "screen-selection-background": "#bcd0ee",
        "scrollbar": "#7f8088",
        "scrollbar-background": "#fbfbf8",
    },
)
CONTRAST = Theme(
    name="cogwizard-contrast",
    primary="#00ffff",
    secondary="#ff9cff",
    accent="#ffff00",
    foreground="#ffffff",
    background="#000000",
    surface="#000000",
    panel="#101010",
    success="#00ff66",
    warning="#ffd000",
    error="#ff8080",
    dark=True,
    variables={
        "foreground-muted": "#e0e0e0",
        "footer-key-foreground": "#ffff00",
        "input-selection-background": "#0000c0",
        "screen-selection-background": "#0000c0",
        "scrollbar": "#ffffff",
        "scrollbar-background": "#000000",
    },
)
THEMES = (DARK, LIGHT, CONTRAST)


def without_colors(theme: Theme) -> Theme:
    """Return a theme for NO_COLOR: as greys, colours that mean something would be dimmer than the rest."""
    ink = theme.foreground
    return replace(theme, secondary=ink, accent=ink, success=ink, warning=ink, error=ink)
