"""Settings: the environment variables. Only bootstrap and the command line see this package."""

from bot.settings.variables import Fault, Settings, SettingsInvalid, load_settings

__all__ = ["Fault", "Settings", "SettingsInvalid", "load_settings"]
