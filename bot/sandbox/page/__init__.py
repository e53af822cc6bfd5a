"""The browser page of the sandbox."""

from bot.sandbox.page.app import Page
from bot.sandbox.page.people import COMMANDS, PERSONAS, Persona, SlashCommand
from bot.sandbox.page.ports import Services

__all__ = ["COMMANDS", "PERSONAS", "Page", "Persona", "Services", "SlashCommand"]
