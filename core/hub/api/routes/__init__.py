"""The endpoints of `/v2`: method and path to handler, with what each understands.

Holds the one table; refuses a call that asks for more than its route understands.
"""

from __future__ import annotations

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
from core.hub.api.routes.asked import ANYTHING, Only, Route
from core.hub.call import Call
from core.hub.codec import Json

NO_STORAGE = "the local hub reaches no storage; it keeps files itself."
STORAGE = {"storageId": Only(("",), NO_STORAGE), "bucket": Only(("",), NO_STORAGE)}
ANY_VALUE = Only((), "")
ASSIGNED = " projectAssignments"
EXPORTED = {
    "sendEmail": Only(("false",), "the local hub sends no e-mail."),
    "doNotNotify": Only(("true",), "the local hub notifies nobody."),
    "includeOnlyKeyFrames": Only(("false",), "the local hub does not know which are key frames."),
    "includeIdleBlurDurations": Only(("false",), "the local hub does not know of idle times."),
}

ROUTES: tuple[Route, ...] = (
    Route("GET", "/v2/listProjects", projects.list_projects, "page limit"),
    Route("POST", "/v2/project", projects.create_project, body="name description type"),
    Route("GET", "/v2/project/{project}", projects.get_project),
    Route("POST", "/v2/project/{project}", projects.update_project, body=ANYTHING),
    Route("DELETE", "/v2/project/{project}", projects.delete_project),
    Route("POST", "/v2/project/{project}/purge", projects.delete_project, body="confirmName"),
    Route(
        "POST",
        "/v2/project/{project}/clone",
        projects.clone_project,
        body="categorySchema assignedTo batches workflow pluginPresets projectGeneralSettings",
    ),
    Route("POST", "/v2/project/{project}/assigned", projects.assign_members, body="assignees role"),
    Route(
        "POST", "/v2/project/{project}/labelValidation", projects.label_validation, body=ANYTHING
    ),
    Route(
        "POST",
        "/v2/project/{project}/benchmark-tasks",
        projects.set_benchmark,
        body="tasks isBenchmark",
    ),
    Route(
        "POST", "/v2/project/{project}/assetBuilderTemplates", projects.add_template, body=ANYTHING
    ),
    Route(
        "POST",
        "/v2/project/{project}/instructions",
        projects.upload_instructions,
        body=ANYTHING,
        only=STORAGE,
    ),
    Route("POST", "/v2/batches/{project}", projects.create_batches, body=ANYTHING),
    Route("GET", "/v2/project/{project}/assets", assets.get_assets, "page limit filters sort"),
    Route(
        "DELETE",
        "/v2/project/{project}/assets",
        assets.delete_assets,
        body="assets",
        only={"project": ANY_VALUE},
    ),
    Route(
        "POST",
        "/v2/project/{project}/cloud",
        assets.add_assets,
        "batches",
        "assets priority",
        {"uploadLocal": ANY_VALUE},
    ),
    Route("POST", "/v2/project/{project}/chat", assets.add_conversations, body=ANYTHING),
    Route(
        "POST", "/v2/assignBatches", assets.assign_batches, body="assets batches projectId project"
    ),
    Route(
        "GET",
        "/v2/project/{project}/tasks",
        tasks.get_tasks,
        "page limit includeAnswer filter filters sort fields status status[eq] stage batches "
        "assignee",
    ),
    # the annotations come whatever is asked: the SDK merges into them
    Route("GET", "/v2/task/{task}", tasks.get_task, only={"includeAnswer": ANY_VALUE}),
    Route("GET", "/v2/task/{task}/history", tasks.get_history),
    Route("GET", "/v2/taskHistory/{entry}", tasks.get_entry),
    Route("POST", "/v2/task/assign", tasks.assign_tasks, body="project tasks user stage"),
    Route(
        "POST",
        "/v2/annotate/{task}",
        work.annotate,
        "nextStage isPlugin",
        "answer brushDataUrl medicalBrushDataUrl duration",
    ),
    Route("POST", "/v2/review/{task}", work.review, body="reviewStatus"),
    Route(
        "POST", "/v2/project/{project}/requeueTasks", work.requeue, body="toStageId filters options"
    ),
    Route(
        "POST", "/v2/project/{project}/updatePriority", work.set_priority, body="filters priority"
    ),
    Route("POST", "/v2/import/labels", work.import_labels, body="project jsonContent labels"),
    Route(
        "GET",
        "/v2/export",
        files.export,
        "project format type stage batches taskTypes includeHistory includeMetadata updatedAt "
        "createdAt",
        only=EXPORTED,
    ),
    Route(
        "GET",
        "/v2/getUploadUrl",
        files.upload_url,
        "name project type",
        only={"storageId": Only(("",), NO_STORAGE)},
    ),
    Route(
        "GET",
        "/v2/getSignedUrl",
        files.signed_url,
        # the SDK sends the whole address unquoted, so that its parameters become ours; project and
        # type say nothing that the address does not
        f"name url {ANYTHING}",
        only={"storageId": Only(("",), NO_STORAGE)},
    ),
    Route("GET", "/v2/storages", organisation.listing("storage", "storages"), "_id"),
    Route("POST", "/v2/storages", organisation.creating("storage"), body=ANYTHING),
    Route("DELETE", "/v2/storages/{id}", organisation.deleting("storage")),
    Route(
        "GET",
        "/v2/storages/{id}/files",
        organisation.storage_files,
        only=dict.fromkeys(("bucketName", "path", "getSignedUrls", "retryOnSlowDown"), ANY_VALUE),
    ),
    Route("POST", "/v2/file-explorer", organisation.storage_files, body=ANYTHING),
    Route("GET", "/v2/llms", organisation.listing("llm", "llms"), "_id"),
    Route("POST", "/v2/llms", organisation.creating("llm"), body=ANYTHING),
    Route("DELETE", "/v2/llms/{id}", organisation.deleting("llm")),
    *(
        Route(method, f"/v2/organization/{{organization}}/{kind}", organisation.people(kind), *more)
        for kind in ("users", "invites")
        for method, more in (
            ("GET", ("status",) if kind == "invites" else ()),
            ("POST", ("", f"to {kind} organizationRole{ASSIGNED if kind == 'invites' else ''}")),
            ("DELETE", ("", f"to {kind}")),
        )
    ),
    Route("POST", "/v2/notifications", organisation.notify, body=ANYTHING),
    Route("POST", "/v2/attachments", organisation.attach, body="project attachments"),
    Route(
        "GET",
        "/v2/issues",
        issues.list_issues,
        "project asset labelTask stage createdBy status page limit",
    ),
    Route("POST", "/v2/issues", issues.create_issue, body=ANYTHING),
    Route("POST", "/v2/issues/{id}", issues.change_issue, body=ANYTHING),
    Route("POST", "/v2/issues/{id}/comment", issues.change_issue, body=ANYTHING),
    Route("DELETE", "/v2/issues/{id}", organisation.deleting("issue"), "project"),
    Route("GET", "/v2/{project}/overview/{metric}", figures.metric),
    Route(
        "POST",
        "/v2/performance/{project}",
        figures.performance,
        body="interval batches startDate endDate users",
    ),
    Route("POST", "/v2/project/{project}/rerun-webhook", figures.rerun_webhook, body="stageId"),
    Route("POST", "/v2/pluginLog", plugins.plugin_log, body=ANYTHING),
    Route("POST", "/v2/pluginResponse", plugins.plugin_response, body=ANYTHING),
)
_PATTERNS = [(route, route.pattern) for route in ROUTES]


def find(method: str, path: str) -> tuple[Route, dict[str, str]] | None:
    """The route of a call and the named parts of its path; None when there is none."""
    for route, pattern in _PATTERNS:
        found = pattern.fullmatch(path) if route.method == method else None
        if found is not None:
            return route, found.groupdict()
    return None


def carry_out(route: Route, call: Call) -> Json:
    """The answer of a call that has nothing in it which its route does not understand."""
    route.check(call)
    return route.handler(call)
