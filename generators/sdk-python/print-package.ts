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
${settings.license ? `license = ${tomlString(settings.license)}\n` : ""}classifiers = ["Typing :: Typed"]
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

function tomlString(text: string): string {
  return pythonString(
    text.replace(/[\ud800-\udfff]/g, (char, at: number, all: string) =>
      /[\ud800-\udbff][\udc00-\udfff]/.test(all.slice(Math.max(0, at - 1), at + 2)) ? char : "\ufffd",
    ),
  );
}

/** `__init__.py`. */
export function printInit({ client, title, version, hasCognito }: PythonPlan): string {
  const names = [
    "ApiError",
    `Async${client}`,
    "AsyncAuth",
    "AsyncResponse",
    "Auth",
    "AwsCredentials",
    "CallInfo",
    "CallOptions",
    ...(hasCognito ? ["Cognito"] : []),
    "Request",
    "Response",
    "SdkError",
    "SigV4",
    "Stage",
    "TransportError",
    client,
    "aws_url",
    "errors",
    "models",
  ];
  return `"""Client of the API ${pythonString(`${title} ${version}`).slice(1, -1)}."""

from . import errors, models
from .client import Async${client}, AsyncAuth, Auth, ${client}, Stage, aws_url
${hasCognito ? "from .runtime.cognito import Cognito\n" : ""}from .runtime.failures import ApiError, SdkError, TransportError
from .runtime.sigv4 import AwsCredentials, SigV4
from .runtime.types import AsyncResponse, CallInfo, CallOptions, Request, Response

__all__ = [
${names.map((name) => `    ${pythonString(name)},\n`).join("")}]
`;
}
