import type { PythonPlan } from "./plan.js";
import { pythonString } from "./python-text.js";

/** `pyproject.toml`. A basic string of TOML has JSON's escapes, and no others. */
export function printProject({ distribution, packageVersion, description, settings, module }: PythonPlan): string {
  const about = description?.replace(/\s+/g, " ").trim();
  return `[build-system]
requires = ["setuptools>=77"]
build-backend = "setuptools.build_meta"

[project]
name = ${tomlString(distribution)}
version = ${tomlString(packageVersion)}
${about ? `description = ${tomlString(about.slice(0, 500))}\n` : ""}readme = "README.md"
requires-python = ">=3.10"
${settings.license ? `license = ${tomlString(licenseExpression(settings.license))}\n` : ""}classifiers = ["Typing :: Typed"]
dependencies = []

[project.optional-dependencies]
httpx = ["httpx>=0.27"]

[tool.setuptools]
package-dir = { "" = "src" }
packages = [${tomlString(module)}, ${tomlString(`${module}.runtime`)}]

[tool.setuptools.package-data]
${module} = ["py.typed"]
`;
}

/** Licences that people use, as SPDX names them. */
const licenses: ReadonlySet<string> = new Set(
  (
    "0BSD AFL-3.0 AGPL-3.0-only AGPL-3.0-or-later Apache-2.0 Artistic-2.0 BSD-2-Clause BSD-2-Clause-Patent BSD-3-Clause " +
    "BSD-3-Clause-Clear BSL-1.0 BUSL-1.1 CC-BY-4.0 CC-BY-SA-4.0 CC0-1.0 CDDL-1.0 ECL-2.0 EPL-1.0 EPL-2.0 EUPL-1.1 EUPL-1.2 " +
    "GPL-2.0-only GPL-2.0-or-later GPL-3.0-only GPL-3.0-or-later ISC LGPL-2.1-only LGPL-2.1-or-later LGPL-3.0-only " +
    "LGPL-3.0-or-later MIT MIT-0 MPL-2.0 MS-PL NCSA OFL-1.1 OSL-3.0 PostgreSQL Python-2.0 Unlicense UPL-1.0 WTFPL Zlib"
  ).split(" "),
);

/** What builders take (PEP 639): they refuse names that SPDX has not, such as npm's `UNLICENSED`, unless these say so. */
function licenseExpression(text: string): string {
  const words = text.match(/[()]|[^\s()]+/g) ?? [];
  const isKnown = words.every(
    (word, at) => /^([()]|AND|OR|WITH)$/.test(word) || words[at - 1] === "WITH" || licenses.has(word),
  );
  if (isKnown) return text;
  return `LicenseRef-${
    text
      .replace(/^LicenseRef-/, "")
      .replace(/[^A-Za-z0-9.]+/g, "-")
      .replace(/^-+|-+$/g, "") || "Other"
  }`;
}

function tomlString(text: string): string {
  return pythonString(
    text.replace(/[\ud800-\udfff]/g, (char, at: number, all: string) =>
      /[\ud800-\udbff][\udc00-\udfff]/.test(all.slice(Math.max(0, at - 1), at + 2)) ? char : "\ufffd",
    ),
  );
}

/** `testing.py`: what tests of programs that use the package need. */
export function printTesting(): string {
  return `"""Transports for tests of programs that call the API: they need no server."""

from __future__ import annotations

from .runtime.testing import AsyncMockTransport, MockTransport, answered

__all__ = ["AsyncMockTransport", "MockTransport", "answered"]
`;
}

/** `__init__.py`. */
export function printInit({ client, title, version, hasCognito }: PythonPlan): string {
  const names = [
    "ApiError",
    `Async${client}`,
    "AsyncAuth",
    "AsyncCredential",
    "AsyncMiddleware",
    "AsyncResponse",
    "AsyncTransport",
    "Auth",
    "AwsCredentials",
    "CallInfo",
    "CallOptions",
    ...(hasCognito ? ["Cognito"] : []),
    "Credential",
    "Middleware",
    "Request",
    "Response",
    "ResponseInfo",
    "SdkError",
    "SigV4",
    "Stage",
    "Transport",
    "TransportError",
    client,
    "aws_url",
    "errors",
    "models",
  ];
  const where: Readonly<Record<string, readonly string[]>> = {
    async_client: [`Async${client}`, "AsyncAuth"],
    client: ["Auth", client],
    ...(hasCognito ? { "runtime.cognito": ["Cognito"] } : {}),
    "runtime.failures": ["ApiError", "SdkError", "TransportError"],
    "runtime.sigv4": ["AwsCredentials", "SigV4"],
    "runtime.types": [
      "AsyncCredential",
      "AsyncMiddleware",
      "AsyncResponse",
      "AsyncTransport",
      "CallInfo",
      "CallOptions",
      "Credential",
      "Middleware",
      "Request",
      "Response",
      "ResponseInfo",
      "Transport",
    ],
    stages: ["Stage", "aws_url"],
  };
  const checked = Object.entries(where).map(([module, all]) => `    from .${module} import ${all.join(", ")}\n`);
  const table = Object.entries(where).flatMap(([module, all]) =>
    all.map((name) => `        ${pythonString(name)}: ${pythonString(module)},\n`),
  );
  return `"""Client of the API ${pythonString(`${title} ${version}`).slice(1, -1)}."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from . import errors, models
${checked.join("")}else:
    # Loaded when they are asked for first: a program that starts often pays for what it uses.
    _WHERE = {
${table.join("")}    }

    def __getattr__(name):
        from importlib import import_module

        if name in ("errors", "models"):
            return import_module(f".{name}", __name__)
        if name not in _WHERE:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        value = getattr(import_module(f".{_WHERE[name]}", __name__), name)
        globals()[name] = value
        return value

    def __dir__():
        return [*globals(), *__all__]

__all__ = [
${names.map((name) => `    ${pythonString(name)},\n`).join("")}]
`;
}
