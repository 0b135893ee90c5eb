"""The one act here: load the definitions of this release, prove them sound, and keep every new version."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from django.db import transaction

from tradehall.journal import services as journal
from tradehall.kernel.actor import Actor
from tradehall.kernel.ref import Ref
from tradehall.kernel.refusal import Violation, refuse_if
from tradehall.procedures.loading import Loaded, definition_files, load_files, load_register
from tradehall.procedures.models import DefinitionVersion
from tradehall.procedures.soundness import problems


@transaction.atomic
def load_definitions(*, by: Actor, at: datetime, files: Sequence[Path] | None = None) -> tuple[str, ...]:
    """Keeps what is new and returns `id@version` of it; refuses everything when one file is unsound or was changed."""
    loaded, register = load_files(definition_files() if files is None else files), load_register()
    kept = {(row.definition_id, row.version): row.digest for row in DefinitionVersion.objects.all()}
    found = [Violation("procedures.unsound", f"{item.file}：{key}：{reason}", key)
             for item in loaded for key, reason in problems(item.definition, register)]  # fmt: skip
    found += [_changed(i) for i in loaded if kept.get((i.definition.id, i.definition.version), i.digest) != i.digest]
    refuse_if(found)
    return tuple(_keep(i, by, at) for i in loaded if (i.definition.id, i.definition.version) not in kept)


def _changed(item: Loaded) -> Violation:
    name = f"{item.definition.id}@{item.definition.version}"
    return Violation("procedures.immutable", f"{item.file}：{name} 已载入且内容不同；请改用新的版本号", "version")


def _keep(item: Loaded, by: Actor, at: datetime) -> str:
    value = item.definition
    DefinitionVersion.objects.create(
        definition_id=value.id, version=value.version, digest=item.digest, title=value.title, line=value.scope.line,
        method=value.scope.method_code, body=item.text.decode(), valid_from=value.valid_from, loaded_at=at,
    )  # fmt: skip
    facts = {"version": value.version, "digest_sha256": item.digest}
    journal.record(code="procedures.load_definitions", by=by, at=at, subject=Ref("definition", value.id), facts=facts)
    return f"{value.id}@{value.version}"
