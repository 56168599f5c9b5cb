"""The one table of endpoints: who answers a path, who may call it, and what that changes.

Each row says all of it; who lets calls in, forwards them or limits them asks the matched row.
"""

from __future__ import annotations

from collections.abc import Iterable

from starlette.routing import compile_path

from core.access.actions import Action
from core.hub.api.admin import Admin
from core.hub.api.routes import (
    assets,
    figures,
    files,
    issues,
    organisation,
    plugins,
    projects,
    tasks,
    work,
)
from core.hub.route import ANYTHING, NOWHERE, Only, Opens, Route

NO_STORAGE = "the local hub reaches no storage; it keeps files itself."
NO_STORAGE_ID = {"storageId": Only(("",), NO_STORAGE)}
STORAGE = {**NO_STORAGE_ID, "bucket": Only(("",), NO_STORAGE)}
ANY_VALUE = Only((), "")
FILE_LIST = dict.fromkeys(("bucketName", "path", "getSignedUrls", "retryOnSlowDown"), ANY_VALUE)
EXPORTED = {
    "sendEmail": Only(("false",), "the local hub sends no e-mail."),
    "doNotNotify": Only(("true",), "the local hub notifies nobody."),
    "includeOnlyKeyFrames": Only(("false",), "the local hub does not know which are key frames."),
    "includeIdleBlurDurations": Only(("false",), "the local hub does not know of idle times."),
}
CLONED = "categorySchema assignedTo batches workflow pluginPresets projectGeneralSettings"
TASK_FILTERS = (
    "page limit includeAnswer filter filters sort fields status status[eq] stage batches assignee"
)
EXPORT_FILTERS = (
    "project format type stage batches taskTypes includeHistory includeMetadata updatedAt createdAt"
)
ISSUE_FILTERS = "project asset labelTask stage createdBy status page limit"
ANSWER = "answer brushDataUrl medicalBrushDataUrl duration"
SIGNED = f"name url {ANYTHING}"
"""The SDK sends the whole address unquoted, so that its parameters become ours; project and type
say nothing that the address does not."""

# fmt: off
ROUTES: tuple[Route, ...] = (
    Route("GET", "/v2/listProjects", projects.list_projects, "reads", "shared", "page limit",
          forwarded=False),
    Route("POST", "/v2/project", projects.create_project, "writes", "project",
          body="name description type", forwarded=False, action=Action.PROJECT_ADD),
    Route("GET", "/v2/project/{project}", projects.get_project, "reads", "project"),
    Route("POST", "/v2/project/{project}", projects.update_project, "writes", "project",
          body=ANYTHING, action=Action.PUBLISH),
    Route("DELETE", "/v2/project/{project}", projects.delete_project, "writes", "project",
          action=Action.PROJECT_DELETE),
    Route("POST", "/v2/project/{project}/purge", projects.delete_project, "writes", "project",
          body="confirmName", action=Action.PURGE),
    Route("POST", "/v2/project/{project}/clone", projects.clone_project, "writes", "project",
          body=CLONED, action=Action.PROJECT_ADD),
    Route("POST", "/v2/project/{project}/assigned", projects.assign_members, "writes", "project",
          body="assignees role", action=Action.PROJECT_CHANGE),
    Route("POST", "/v2/project/{project}/labelValidation", projects.label_validation, "writes",
          "project", body=ANYTHING, action=Action.PROJECT_CHANGE),
    Route("POST", "/v2/project/{project}/benchmark-tasks", projects.set_benchmark, "writes",
          "project", body="tasks isBenchmark", action=Action.PROJECT_CHANGE),
    Route("POST", "/v2/project/{project}/assetBuilderTemplates", projects.add_template, "writes",
          "project", body=ANYTHING, action=Action.PROJECT_CHANGE),
    Route("POST", "/v2/project/{project}/instructions", projects.upload_instructions, "writes",
          "project", body=ANYTHING, only=STORAGE, action=Action.PROJECT_CHANGE),
    Route("POST", "/v2/batches/{project}", projects.create_batches, "writes", "project",
          body=ANYTHING, action=Action.PROJECT_CHANGE),
    Route("GET", "/v2/project/{project}/assets", assets.get_assets, "reads", "project",
          "page limit filters sort", lists="assets"),
    Route("DELETE", "/v2/project/{project}/assets", assets.delete_assets, "writes", "project",
          body="assets", only={"project": ANY_VALUE}, action=Action.PROJECT_CHANGE),
    Route("POST", "/v2/project/{project}/cloud", assets.add_assets, "writes", "project", "batches",
          "assets priority", {"uploadLocal": ANY_VALUE}, action=Action.PROJECT_CHANGE),
    Route("POST", "/v2/project/{project}/chat", assets.add_conversations, "writes", "project",
          body=ANYTHING, action=Action.PROJECT_CHANGE),
    Route("POST", "/v2/assignBatches", assets.assign_batches, "writes", "project",
          body="assets batches projectId project", action=Action.PROJECT_CHANGE),
    Route("GET", "/v2/project/{project}/tasks", tasks.get_tasks, "reads", "project", TASK_FILTERS,
          lists="tasks"),
    # the annotations come whatever is asked: the SDK merges into them
    Route("GET", "/v2/task/{task}", tasks.get_task, "reads", "project",
          only={"includeAnswer": ANY_VALUE}),
    Route("GET", "/v2/task/{task}/history", tasks.get_history, "reads", "project"),
    Route("GET", "/v2/taskHistory/{entry}", tasks.get_entry, "reads", "project"),
    Route("POST", "/v2/task/assign", tasks.assign_tasks, "writes", "project",
          body="project tasks user stage", action=Action.TASKS),
    Route("POST", "/v2/annotate/{task}", work.annotate, "annotates", "project",
          "nextStage isPlugin", ANSWER, action=Action.TASKS),
    Route("POST", "/v2/review/{task}", work.review, "writes", "project", body="reviewStatus",
          action=Action.TASKS),
    Route("POST", "/v2/project/{project}/requeueTasks", work.requeue, "writes", "project",
          body="toStageId filters options", action=Action.TASKS),
    Route("POST", "/v2/project/{project}/updatePriority", work.set_priority, "writes", "project",
          body="filters priority", action=Action.TASKS),
    Route("POST", "/v2/import/labels", work.import_labels, "imports", "project",
          body="project jsonContent labels", action=Action.TASKS),
    Route("GET", "/v2/export", files.export, "reads", "project", EXPORT_FILTERS, only=EXPORTED),
    Route("GET", "/v2/getUploadUrl", files.upload_url, "uploads", "project", "name project type",
          only=NO_STORAGE_ID, action=Action.UPLOAD),
    Route("GET", "/v2/getSignedUrl", files.signed_url, "reads", "shared", SIGNED,
          only=NO_STORAGE_ID),
    *(
        route
        for kind in ("storage", "llm")
        for route in (
            Route("GET", f"/v2/{kind}s", organisation.listing(kind, f"{kind}s"), "reads", "shared",
                  "_id"),
            Route("POST", f"/v2/{kind}s", organisation.creating(kind), "writes", "shared",
                  body=ANYTHING, action=Action.ORGANIZATION),
            Route("DELETE", f"/v2/{kind}s/{{{kind}}}", organisation.deleting(kind), "writes",
                  "shared", action=Action.ORGANIZATION),
        )
    ),
    Route("GET", "/v2/storages/{storage}/files", organisation.storage_files, "reads", "shared",
          only=FILE_LIST),
    Route("POST", "/v2/file-explorer", organisation.storage_files, "reads", "project",
          body=ANYTHING),
    *(
        route
        for kind, status, more in (("users", "", ""), ("invites", "status", " projectAssignments"))
        for path in [f"/v2/organization/{{organization}}/{kind}"]
        for people in [organisation.people(kind)]
        for route in (
            Route("GET", path, people, "reads", "shared", status),
            Route("POST", path, people, "writes", "shared",
                  body=f"to {kind} organizationRole{more}", action=Action.ORGANIZATION),
            Route("DELETE", path, people, "writes", "shared", body=f"to {kind}",
                  action=Action.ORGANIZATION),
        )
    ),
    Route("POST", "/v2/notifications", organisation.notify, "writes", "project", body=ANYTHING,
          action=Action.ORGANIZATION),
    Route("POST", "/v2/attachments", organisation.attach, "writes", "project",
          body="project attachments", action=Action.PROJECT_CHANGE),
    Route("GET", "/v2/issues", issues.list_issues, "reads", "project", ISSUE_FILTERS),
    Route("POST", "/v2/issues", issues.create_issue, "writes", "project", body=ANYTHING,
          action=Action.ISSUE),
    Route("POST", "/v2/issues/{issue}", issues.change_issue, "writes", "project", body=ANYTHING,
          action=Action.ISSUE),
    Route("POST", "/v2/issues/{issue}/comment", issues.add_comment, "writes", "project",
          body=ANYTHING, action=Action.ISSUE),
    Route("DELETE", "/v2/issues/{issue}", organisation.deleting("issue"), "writes", "project",
          "project", action=Action.ISSUE),
    Route("GET", "/v2/{project}/overview/{metric}", figures.metric, "reads", "project"),
    Route("POST", "/v2/performance/{project}", figures.performance, "reads", "project",
          body="interval batches startDate endDate users"),
    Route("POST", "/v2/project/{project}/rerun-webhook", figures.rerun_webhook, "writes", "project",
          body="stageId", action=Action.TASKS),
    Route("POST", "/v2/pluginLog", plugins.plugin_log, "writes", "speech", body=ANYTHING,
          forwarded=False),
    Route("POST", "/v2/pluginResponse", plugins.plugin_response, "writes", "speech", body=ANYTHING,
          forwarded=False),
)
# fmt: on


def _elsewhere(path: str, opens: Opens = "project") -> Route:
    return Route("", path, None, "writes", opens)


ELSEWHERE: tuple[Route, ...] = (
    *(
        _elsewhere(f"/v2/{name}/{{rest:path}}")
        for name in ("project/{project}", "batches/{project}", "performance/{project}")
    ),
    _elsewhere("/v2/{project}/overview/{rest:path}"),
    *(
        _elsewhere(f"/v2/{name}/{{rest:path}}")
        for name in ("task/{task}", "annotate/{task}", "review/{task}")
    ),
    _elsewhere("/v2/issues/{issue}/{rest:path}"),
    _elsewhere("/v2/taskHistory/{entry}/{rest:path}"),
    _elsewhere("/v2/organization", "shared"),
    *(
        _elsewhere(f"/v2/{name}/{{rest:path}}", "shared")
        for name in ("storages", "llms", "organization", "getSignedUrl")
    ),
    _elsewhere("/{rest:path}"),
)
"""Paths that only Ango Hub may answer, and what they are about: so that a call of a project that
lives there is forwarded, and a run's key opens no other project by a path that is not known here.
"""


def of_machine(admin: Admin) -> tuple[Route, ...]:
    """The routes of `/_hub`, which answer on this machine only."""
    handlers = (
        ("GET", "status", admin.status, None),
        ("GET", "faults", admin.status, None),
        ("POST", "faults", admin.add_faults, Action.FAULTS),
        ("DELETE", "faults", admin.clear_faults, Action.FAULTS),
        ("POST", "upstream-key", admin.take_upstream_key, Action.HAND_OVER),
        ("DELETE", "upstream-key", admin.forget_upstream_key, Action.HAND_OVER),
        ("POST", "projects", admin.add_project, Action.HAND_OVER),
        ("POST", "forward", admin.forward, Action.TASKS),
        ("GET", "logs", admin.read_logs, None),
    )
    return (
        *(
            Route(
                method,
                f"/_hub/{name}",
                handler,
                "reads" if method == "GET" else "writes",
                "machine",
                ANYTHING,
                ANYTHING,
                forwarded=False,
                action=action,
            )
            for method, name, handler, action in handlers
        ),
        Route("", "/_hub/{rest:path}", None, "writes", "machine", forwarded=False),
    )


class RouteTable:
    """Routes, matched by path and method in their order."""

    def __init__(self, routes: Iterable[Route] = ROUTES) -> None:
        self.routes = (*routes, *ELSEWHERE)
        self._patterns = [(route, compile_path(route.path)[0]) for route in self.routes]

    def match(self, method: str, path: str) -> tuple[Route, dict[str, str]]:
        """The route of a call and the named parts of its path.

        Where no route has the method, the first of the same path says what the call is about.
        """
        other: tuple[Route, dict[str, str]] | None = None
        for route, pattern in self._patterns:
            if other is not None and route.method != method:
                continue
            fits = pattern.fullmatch(path)
            if fits is not None and route.method == method:
                return route, fits.groupdict()
            if fits is not None:
                other = route.under(method), fits.groupdict()
        return other or (NOWHERE, {})
