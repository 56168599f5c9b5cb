"""Every kind of change that a person can make, with the least role for it: a closed list.

A change that stands in no row cannot be written: the door of the store asks for one of these.
"""

from __future__ import annotations

from enum import Enum

from core.access.roles import Role

_VIEWER, _OPERATOR, _MANAGER, _ADMIN = Role


class Action(Enum):
    """One kind of change: its name in the record, the least role, and words for people."""

    SIGN_IN = "sign in", _VIEWER, "sign in"
    OWN_ACCOUNT = "own account", _VIEWER, "change the own password or key"

    DRAFT = "draft", _OPERATOR, "change a draft"
    SCENARIO = "scenario", _OPERATOR, "change a scenario"
    PINNED_TASK = "pinned task", _OPERATOR, "pin a task"
    FILE = "file", _OPERATOR, "open, rename or delete a task file"
    PRESET = "preset", _OPERATOR, "change a preset"
    START = "start", _OPERATOR, "prepare a run"
    RUN_START = "run started", _OPERATOR, "start a run"
    RUN_CANCEL = "run cancelled", _OPERATOR, "cancel a run"
    RUN_RETRY = "run retried", _OPERATOR, "retry a run"
    RUN_APPLY = "run applied", _OPERATOR, "apply the labels of a dry run"
    RUN_DISCARD = "run discarded", _OPERATOR, "discard the labels of a dry run"
    RUN_UNDO = "run undone", _OPERATOR, "undo a run"
    TASKS = "tasks", _OPERATOR, "work on tasks"
    ISSUE = "issue", _OPERATOR, "write an issue"
    UPLOAD = "upload", _OPERATOR, "upload a file"
    HAND_OVER = "key handed over", _OPERATOR, "let plugins work under the own key"
    LABOUR = "labour", _OPERATOR, "let the demo's people work"

    PUBLISH = "publish", _MANAGER, "publish"
    RESTORE = "restore", _MANAGER, "restore a workflow"
    BULK = "bulk", _MANAGER, "change many tasks at once"
    PLUGIN_ADD = "plugin added", _MANAGER, "register a plugin"
    PLUGIN_CHANGE = "plugin changed", _MANAGER, "change a plugin"
    PLUGIN_ROTATE = "plugin secret", _MANAGER, "give a plugin another secret"
    PLUGIN_DELETE = "plugin archived", _MANAGER, "archive a plugin"
    PROJECT_ADD = "project added", _MANAGER, "add a project"
    PROJECT_CHANGE = "project changed", _MANAGER, "change a project"
    PROJECT_DELETE = "project deleted", _MANAGER, "delete a project"
    ORGANIZATION = "organization", _MANAGER, "change what belongs to the organization"
    START_OVER = "demo started over", _MANAGER, "start the demo over"
    FAULTS = "faults", _MANAGER, "rehearse faults of the hub"

    USER_ADD = "user added", _ADMIN, "add an account"
    USER_CHANGE = "user changed", _ADMIN, "change an account"
    USER_DELETE = "user deleted", _ADMIN, "delete an account"
    PURGE = "purge", _ADMIN, "purge a project"

    def __init__(self, title: str, least: Role, words: str) -> None:
        self.title = title
        self.least = least
        self.words = words

    @property
    def who(self) -> str:
        """Who may do it, as the rest of a sentence."""
        higher = " or above" if self.least is not Role.ADMIN else ""
        return f"{self.least.words}{higher}"


TITLES = {action.title: action for action in Action}
"""Actions by their name in the record."""
