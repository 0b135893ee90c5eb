"""add_trust_anchor and renew_revocation_list: whom the platform trusts, and who may not be trusted."""

import pytest
from django.test import Client

from tradehall.accounts import trust
from tradehall.accounts.models import TrustAnchor
from tradehall.accounts.tests.keyring import DAY, NOW, Tool, account, authority, bound, issued, trusted, wish
from tradehall.crypto import issuing, sm2
from tradehall.crypto.issuing import Holder
from tradehall.journal.models import Entry
from tradehall.kernel.actor import PLATFORM
from tradehall.kernel.refusal import NotVisible, Refusal

pytestmark = pytest.mark.django_db


def add(pem: str) -> TrustAnchor:
    return trust.add_trust_anchor(by=PLATFORM, at=NOW, checked_at=NOW, pem=pem)


def codes(pem: str) -> set[str]:
    with pytest.raises(Refusal) as refused:
        add(pem)
    assert not TrustAnchor.objects.exists()
    return {violation.code for violation in refused.value.violations}


def root(kind: str = "p256", **changes: object) -> Holder:
    return issuing.issue(wish("某根", **({"is_authority": True} | changes)), issuing.make_key(kind))


def test_several_authorities_stand_side_by_side_and_anybody_may_see_them() -> None:
    for kind in ("sm2", "p256", "rsa"):
        trusted(kind)
    answer = Client().get("/trust/roots.pem")
    assert answer.status_code == 200 and answer["Content-Type"].startswith("application/x-pem-file")
    assert answer.content.decode() == "".join(issuing.to_pem(authority(kind)[0]) for kind in ("sm2", "p256", "rsa"))
    assert len(trust.store().roots) == 3


def test_the_same_again_changes_nothing() -> None:
    trusted("sm2")
    trusted("sm2")
    assert TrustAnchor.objects.count() == Entry.objects.filter(code="accounts.add_trust_anchor").count() == 1


def test_of_a_file_with_the_whole_chain_the_root_is_taken() -> None:
    top, middle = authority("sm2")
    assert add(issuing.to_pem(issued("sm2"), middle, top)).name == "测试根 sm2"


def forgetful_root() -> str:
    made = root("sm2")
    body = made.certificate["tbs_certificate"]
    signature = sm2.provider().sign(made.private, body.dump(), b"")
    return issuing.to_pem(Holder(issuing.seal(body, made.private, signature), made.private))


@pytest.mark.parametrize(
    ("pem", "code"),
    [
        (lambda: issuing.to_pem(root(valid_until=NOW - DAY)), "dates"),
        (lambda: issuing.to_pem(root(valid_from=NOW + DAY)), "dates"),
        (lambda: issuing.to_pem(root("rsa1024")), "weak_key"),
        (lambda: issuing.to_pem(root("rsa", algorithm="sha1_rsa")), "weak_hash"),
        (lambda: issuing.to_pem(root(is_authority=False)), "no_authority"),
        (lambda: issuing.to_pem(issued("sm2")), "no_authority"),
        (lambda: issuing.to_pem(root(), root()), "one_root"),
        (forgetful_root, "altered"),
        (lambda: "not a certificate", "chain_unreadable"),
    ],
    ids=["到期", "未生效", "短密钥", "SHA-1", "不是机构", "个人证书", "两张根", "空用户标识", "不是证书"],
)
def test_what_cannot_be_trusted(pem: object, code: str) -> None:
    assert callable(pem) and codes(pem()) == {code}


def test_a_list_is_replaced_and_says_until_when_it_holds() -> None:
    top, middle = authority("p256")
    anchor = add(issuing.to_pem(top))
    old, new = (issuing.revoke(middle, [7], NOW - DAY, NOW + n * DAY) for n in (1, 9))
    for data, days in ((old, 1), (new, 9)):
        renewed = trust.renew_revocation_list(by=PLATFORM, at=NOW, sha256=anchor.sha256, crl=data)
        assert renewed.crl_until == NOW + days * DAY
    assert len(trust.store().lists) == 1
    assert Entry.objects.filter(code="accounts.renew_revocation_list").count() == 2


def test_a_list_that_cannot_be_read_leaves_the_old_one() -> None:
    top, middle = authority("p256")
    anchor = add(issuing.to_pem(top))
    good = issuing.revoke(middle, [], NOW - DAY, NOW + DAY)
    trust.renew_revocation_list(by=PLATFORM, at=NOW, sha256=anchor.sha256, crl=good)
    with pytest.raises(Refusal, match="吊销列表"):
        trust.renew_revocation_list(by=PLATFORM, at=NOW, sha256=anchor.sha256, crl=good[:-9])
    assert bytes(TrustAnchor.objects.get().crl) == good
    with pytest.raises(NotVisible):
        trust.renew_revocation_list(by=PLATFORM, at=NOW, sha256="0" * 64, crl=good)


def test_a_list_that_names_a_certificate_ends_what_it_had_opened() -> None:
    trusted("p256")
    stolen, other = issued("p256"), issued("p256", name="林远")
    bound(account(), stolen)
    bound(account("lin"), other)
    tools = [Tool(stolen, "p256"), Tool(other, "p256")]
    assert [tool.sign_in().status_code for tool in tools] == [200, 200]
    named = stolen.certificate.serial_number
    trusted("p256", issuing.revoke(authority("p256")[1], [named], NOW - DAY, NOW + DAY))
    assert [tool.is_in() for tool in tools] == [False, True]
    assert tools[0].sign_in().json()["code"] == "revoked"
