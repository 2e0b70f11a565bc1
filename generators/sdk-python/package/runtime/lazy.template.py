"""Modules that are loaded when something of them is asked for."""

from __future__ import annotations

from importlib import import_module


class Lazily:
    """A module of this package. Type checkers are told of the module itself."""

    def __init__(self, package: str, name: str) -> None:
        self._module = f"{package}.{name}"

    def __getattr__(self, name: str) -> object:
        value: object = getattr(import_module(self._module), name)
        return value
