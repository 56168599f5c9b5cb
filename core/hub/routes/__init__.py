"""The endpoints of `/v2`: method and path to handler."""

from __future__ import annotations

import re

from core.hub.call import Handler
from core.hub.routes import assets, files, organisation, plugins, projects, tasks, work

_TABLE: list[tuple[str, str, Handler]] = [
    ("GET", "/v2/listProjects", projects.list_projects),
    ("POST", "/v2/project", projects.create_project),
    ("GET", "/v2/project/{project}", projects.get_project),
    ("POST", "/v2/project/{project}", projects.update_project),
    ("DELETE", "/v2/project/{project}", projects.delete_project),
    ("POST", "/v2/project/{project}/purge", projects.delete_project),
    ("POST", "/v2/project/{project}/clone", projects.clone_project),
    ("POST", "/v2/project/{project}/assigned", projects.assign_members),
    ("POST", "/v2/project/{project}/labelValidation", projects.label_validation),
    ("POST", "/v2/project/{project}/benchmark-tasks", projects.set_benchmark),
    ("POST", "/v2/project/{project}/assetBuilderTemplates", projects.add_template),
    ("POST", "/v2/project/{project}/instructions", projects.upload_instructions),
    ("POST", "/v2/batches/{project}", projects.create_batches),
    ("GET", "/v2/project/{project}/assets", assets.get_assets),
    ("DELETE", "/v2/project/{project}/assets", assets.delete_assets),
    ("POST", "/v2/project/{project}/cloud", assets.add_assets),
    ("POST", "/v2/project/{project}/chat", assets.add_conversations),
    ("POST", "/v2/assignBatches", assets.assign_batches),
    ("GET", "/v2/project/{project}/tasks", tasks.get_tasks),
    ("GET", "/v2/task/{task}", tasks.get_task),
    ("GET", "/v2/task/{task}/history", tasks.get_history),
    ("GET", "/v2/taskHistory/{entry}", tasks.get_entry),
    ("POST", "/v2/task/assign", tasks.assign_tasks),
    ("POST", "/v2/annotate/{task}", work.annotate),
    ("POST", "/v2/review/{task}", work.review),
    ("POST", "/v2/project/{project}/requeueTasks", work.requeue),
    ("POST", "/v2/project/{project}/updatePriority", work.set_priority),
    ("POST", "/v2/import/labels", work.import_labels),
    ("GET", "/v2/export", files.export),
    ("GET", "/v2/getUploadUrl", files.upload_url),
    ("GET", "/v2/getSignedUrl", files.signed_url),
    ("GET", "/v2/storages", organisation.listing("storage", "storages")),
    ("POST", "/v2/storages", organisation.creating("storage")),
    ("DELETE", "/v2/storages/{id}", organisation.deleting("storage")),
    ("GET", "/v2/storages/{id}/files", organisation.storage_files),
    ("POST", "/v2/file-explorer", organisation.storage_files),
    ("GET", "/v2/llms", organisation.listing("llm", "llms")),
    ("POST", "/v2/llms", organisation.creating("llm")),
    ("DELETE", "/v2/llms/{id}", organisation.deleting("llm")),
    *(
        (method, f"/v2/organization/{{organization}}/{kind}", organisation.people(kind))
        for kind in ("users", "invites")
        for method in ("GET", "POST", "DELETE")
    ),
    ("POST", "/v2/notifications", organisation.notify),
    ("POST", "/v2/attachments", organisation.attach),
    ("GET", "/v2/issues", organisation.list_issues),
    ("POST", "/v2/issues", organisation.create_issue),
    ("POST", "/v2/issues/{id}", organisation.change_issue),
    ("POST", "/v2/issues/{id}/comment", organisation.change_issue),
    ("DELETE", "/v2/issues/{id}", organisation.deleting("issue")),
    ("GET", "/v2/{project}/overview/{metric}", organisation.metric),
    ("POST", "/v2/performance/{project}", organisation.performance),
    ("POST", "/v2/project/{project}/rerun-webhook", organisation.rerun_webhook),
    ("POST", "/v2/pluginLog", plugins.plugin_log),
    ("POST", "/v2/pluginResponse", plugins.plugin_response),
]

_COMPILED = [
    (method, re.compile(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", path)), handler)
    for method, path, handler in _TABLE
]


def find(method: str, path: str) -> tuple[Handler, dict[str, str]] | None:
    """The handler of a call and the named parts of its path; None when there is none."""
    for wanted, pattern, handler in _COMPILED:
        found = pattern.fullmatch(path) if wanted == method else None
        if found is not None:
            return handler, found.groupdict()
    return None
