"""What kind of device somebody signs in with, in plain words, and roughly from where."""

from __future__ import annotations

import re
from ipaddress import ip_address, ip_network

from flask import request

from wiki.accounts import Device
from wiki.web.say import _

_BROWSERS = (
    ("Edge", re.compile(r"\bEdg(?:e|A|iOS)?/")),
    ("Opera", re.compile(r"\b(?:OPR|Opera)/")),
    ("Samsung Internet", re.compile(r"\bSamsungBrowser/")),
    ("Firefox", re.compile(r"\b(?:Firefox|FxiOS)/")),
    ("Chrome", re.compile(r"\b(?:Chrome|Chromium|CriOS|HeadlessChrome)/")),
    ("Safari", re.compile(r"\bVersion/\S+ .*\bSafari/")),
)
_SYSTEMS = (
    ("iPhone", re.compile(r"\biPhone\b")),
    ("iPad", re.compile(r"\biPad\b")),
    ("Android", re.compile(r"\bAndroid\b")),
    ("ChromeOS", re.compile(r"\bCrOS\b")),
    ("Windows", re.compile(r"\bWindows\b")),
    ("macOS", re.compile(r"\bMac(?: OS X|intosh)\b")),
    ("Linux", re.compile(r"\bLinux\b")),
)
_READ = 500


def this_device() -> Device:
    """The device of this request."""
    return device(request.headers.get("User-Agent", ""), request.remote_addr or "")


def device(agent: str, address: str) -> Device:
    """The device that calls itself so and comes from this address."""
    browser, system = (
        next((name for name, sign in known if sign.search(agent[:_READ])), "") for known in (_BROWSERS, _SYSTEMS)
    )
    return Device(browser, system, network(address))


def network(address: str) -> str:
    """An address without its last part: enough to know a place again, and not to find a person."""
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return ""
    mapped = found.ipv4_mapped if found.version == 6 else None
    found = mapped or found
    return str(ip_network((found, 24 if found.version == 4 else 48), strict=False))


def described(device: Device) -> str:
    """The device in plain words."""
    if device.browser and device.system:
        return _("%(browser)s on %(system)s", browser=device.browser, system=device.system)
    return device.browser or device.system or _("A browser that did not say its name")
