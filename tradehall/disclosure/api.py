"""The public API: open data, parties, projects, notices and credit records. Reads only, no account needed.

Answers are made of published renditions; unknown parameters are refused. Pushing data and the feed are `exchange`.
"""

from datetime import date
from typing import Annotated, Any

from django.conf import settings
from django.http import HttpRequest
from ninja import Path, Query, Router, Schema
from pydantic import Field

from tradehall.disclosure.ocds import publishing
from tradehall.journal import selectors as journal
from tradehall.journal.clock import platform_now
from tradehall.kernel.ref import Ref
from tradehall.kernel.times import rfc3339
from tradehall.parties import selectors as parties
from tradehall.parties.registration_rules import label
from tradehall.tenders import selectors as tenders
from tradehall.ui.api_errors import documented, refuse_unknown_parameters

router = Router(tags=["公开数据"])
RELEASES_A_PAGE = 500
LAST_POSITION = 2**62
Json = dict[str, Any]
Number = Annotated[str, Path(pattern=r"^[A-Za-z0-9-]{1,40}$", description="平台编号")]
Uscc = Annotated[str, Path(pattern=r"^[0-9A-HJ-NP-RTUWXY]{18}$", description="统一社会信用代码")]
Ocid = Annotated[str, Path(pattern=r"^ocds-[a-z0-9]{6}-[A-Za-z0-9-]{1,40}$", description="OCDS 过程编号")]
ERRORS = documented(400, 404)


class Publisher(Schema):
    name: str


class ReleasePackage(Schema):
    """OCDS 1.1.5 发布包；`next` 是下一页的地址，没有更多时为 null。"""

    uri: str
    version: str
    publishedDate: str
    publisher: Publisher
    releases: list[Json]
    next: str | None


class RecordPackage(Schema):
    """OCDS 1.1.5 记录包，一个过程：全部发布和按标准合并的 compiledRelease。"""

    uri: str
    version: str
    publishedDate: str
    publisher: Publisher
    records: list[Json]


class OrganisationName(Schema):
    version: int
    name: str
    stated_at: str


class RegistrationAnswer(Schema):
    """主体在一个市场的一种角色的登记。"""

    role: str
    line: str
    state: str = Field(description="submitted 待审核，accepted 已通过，returned 已退回；变更送审期间 accepted_at 仍在")
    accepted_at: str | None
    is_complete: bool = Field(description="此刻是否不缺任何内容（到期的算缺少）")


class QualificationAnswer(Schema):
    """经审核的资质；不含任何个人信息。"""

    kind: str
    label: str
    name: str
    level: str
    certificate_no: str
    publisher: str
    from_on: date | None
    until_on: date | None


class OrganisationAnswer(Schema):
    uscc: str
    name: str
    district: str | None
    roles: list[str]
    is_reported: bool = Field(description="由交易系统报送，未经本平台登记核验")
    version: int
    registered_at: str
    names: list[OrganisationName]
    registrations: list[RegistrationAnswer]
    qualifications: list[QualificationAnswer]
    merged_into: str | None = Field(description="经核实与之为同一主体的代码；没有时为 null")
    href: str


class NamedParty(Schema):
    name: str
    uscc: str | None


class LotAnswer(Schema):
    lot_no: str
    name: str
    unified_code: str | None
    href: str


class ProjectState(Schema):
    code: str
    label: str
    is_reported: bool


class NoticeHead(Schema):
    notice_no: str
    version: int
    kind: str
    kind_label: str
    stage: str
    attempt: int
    title: str
    published_at: str
    href: str


class ProjectAnswer(Schema):
    project_no: str
    title: str
    code: str | None
    line: str
    district: str | None
    origin: str
    principal: NamedParty | None
    agency: NamedParty | None
    state: ProjectState
    lots: list[LotAnswer]
    notices: list[NoticeHead]
    ocid: str
    href: str


class VersionAnswer(Schema):
    version: int
    recorded_at: str
    digest_sha256: str
    digest_sm3: str
    reason: str | None
    position: int | None = Field(description="存证位置（日志序号加一）；尚未封存时为 null")
    proof: str


class NoticeAnswer(Schema):
    """`notice` 是公开文本的全部，两个摘要就是对它计算的；`versions` 按先后列出全部版本。"""

    notice: Json
    versions: list[VersionAnswer]
    href: str


class StandingAnswer(Schema):
    standing_no: str
    kind: str
    title: str
    party_name: str
    publisher: str
    basis: str
    from_on: date | None
    until_on: date | None
    published_on: date
    line: str | None


class CreditAnswer(Schema):
    """此刻有效的审批、资质、处罚、奖励和失信记录；到期和撤销的不再列出。"""

    uscc: str
    as_of: str
    items: list[StandingAnswer]


@router.get("/ocds/releases", response={200: ReleasePackage, **documented(400)}, summary="OCDS 发布，按存证顺序")
def list_releases(
    request: HttpRequest,
    after: Annotated[int, Query(ge=0, le=LAST_POSITION, description="只给出此存证位置之后的发布")] = 0,
) -> Json:
    refuse_unknown_parameters(request, "after")
    package, following = publishing.release_package(after, RELEASES_A_PAGE, at=platform_now())
    address = f"{settings.SITE_URL}/api/v1/ocds/releases?after={following}"
    return {**package, "next": address if following is not None else None}


@router.get("/ocds/records/{ocid}", response={200: RecordPackage, **ERRORS}, summary="一个过程的 OCDS 记录")
def read_record(request: HttpRequest, ocid: Ocid) -> Json:
    refuse_unknown_parameters(request)
    return publishing.record(ocid, at=platform_now())


@router.get("/parties/{uscc}", response={200: OrganisationAnswer, **ERRORS}, summary="一个主体")
def read_party(request: HttpRequest, uscc: Uscc) -> Json:
    refuse_unknown_parameters(request)
    found = parties.organisation(uscc)
    names = [
        {"version": row.version, "name": row.name, "stated_at": rfc3339(row.stated_at)}
        for row in parties.organisation_versions(uscc)
    ]
    return {
        "uscc": found.uscc,
        "name": found.name,
        "district": found.district,
        "roles": found.roles,
        "is_reported": found.is_reported,
        "version": found.version,
        "registered_at": rfc3339(found.registered_at),
        "names": names,
        **_registered(uscc),
        "merged_into": parties.joined_into(uscc),
        "href": f"/org/{uscc}",
    }


@router.get("/projects/{no}", response={200: ProjectAnswer, **ERRORS}, summary="一个项目：标段、状态和全部公告")
def read_project(request: HttpRequest, no: Number) -> Json:
    refuse_unknown_parameters(request)
    found = tenders.project(no)
    code, label, is_reported = tenders.state(no, platform_now())
    return {
        "project_no": no,
        "title": found.title,
        "code": found.code,
        "line": found.line,
        "district": found.district,
        "origin": found.origin,
        "principal": _named(found.principal_name, found.principal_uscc),
        "agency": _named(found.agency_name, found.agency_uscc),
        "state": {"code": code, "label": label, "is_reported": is_reported},
        "lots": [
            {"lot_no": lot.lot_no, "name": lot.name, "unified_code": lot.unified_code, "href": f"/lot/{lot.lot_no}"}
            for lot in tenders.lots(no)
        ],
        "notices": [_notice_head(notice) for notice in tenders.project_notices(no)],
        "ocid": f"{settings.OCID_PREFIX}-{no}",
        "href": f"/p/{no}",
    }


@router.get("/notices/{no}", response={200: NoticeAnswer, **ERRORS}, summary="一份公告：公开文本、版本和存证")
def read_notice(
    request: HttpRequest,
    no: Number,
    version: Annotated[int | None, Query(ge=1, le=1_000_000, description="版本；不给时为最新")] = None,
) -> Json:
    refuse_unknown_parameters(request, "version")
    versions = tenders.versions(no)
    return {
        "notice": tenders.rendition(no, version),
        "versions": [_version(one) for one in versions],
        "href": f"/n/{no}" if version is None else f"/n/{no}/v/{version}",
    }


@router.get("/credit/{uscc}", response={200: CreditAnswer, **ERRORS}, summary="一个主体此刻有效的信用记录")
def read_credit(request: HttpRequest, uscc: Uscc) -> Json:
    refuse_unknown_parameters(request)
    at = platform_now()
    items = [_standing(one) for one in parties.standings(at=at, uscc=uscc)]
    if not items:
        parties.organisation(uscc)  # a known party without records is an empty list, an unknown one is not found
    return {"uscc": uscc, "as_of": rfc3339(at), "items": items}


def _registered(uscc: str) -> Json:
    """What the register proved: never a draft, never a number or a name of a person."""
    at, dossier = platform_now(), parties.proved_dossier(uscc)
    states = parties.registrations(dossier) if dossier else []
    return {
        "registrations": [
            {
                "role": one.registration.role,
                "line": one.registration.line,
                "state": one.state,
                "accepted_at": rfc3339(one.accepted_at) if one.accepted_at else None,
                "is_complete": not parties.missing_in(dossier, one.registration.role, one.registration.line, at),
            }
            for one in states
            if one.state != "draft"
        ],
        "qualifications": [
            {
                "kind": one.code,
                "label": label("qualification", one.code),
                **{
                    name: getattr(one, name)
                    for name in QualificationAnswer.model_fields
                    if name not in ("kind", "label")
                },
            }
            for one in parties.proved_qualifications(uscc, at)
        ],
    }


def _named(name: str | None, uscc: str | None) -> Json | None:
    return {"name": name, "uscc": uscc} if name else None


def _notice_head(notice: Json) -> Json:
    stated = {key: notice[key] for key in NoticeHead.model_fields if key != "href"}
    return stated | {"href": f"/n/{notice['notice_no']}"}


def _version(one: tenders.NoticeVersion) -> Json:
    return {
        "version": one.version,
        "recorded_at": rfc3339(one.recorded_at),
        "digest_sha256": one.digest_sha256,
        "digest_sm3": one.digest_sm3,
        "reason": one.reason,
        "position": journal.position_of(Ref("notice", one.notice_no, one.version)),
        "proof": f"/n/{one.notice_no}/v/{one.version}/proof.json",
    }


def _standing(one: parties.StandingAt) -> Json:
    return {key: getattr(one.standing, key) for key in StandingAnswer.model_fields}
