"""The host: finds the plugins, knows the exchanges, sends answers through the hooks."""

from dfx_adapter.host.host import AdapterHost
from dfx_adapter.host.plugins import PluginInfo

__all__ = ["AdapterHost", "PluginInfo"]
