"""`tradehall trust add`, and the certificates of the demonstration."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tradehall.accounts import certificate_reads, services, trust
from tradehall.accounts import selectors as accounts
from tradehall.config import cli
from tradehall.config.commands import trust_command
from tradehall.config.demo import certificates
from tradehall.config.demo.city import the_cast
from tradehall.crypto import issuing
from tradehall.crypto.certificates import check_chain, parse_chain
from tradehall.crypto.issuing import Wish
from tradehall.kernel.actor import PLATFORM
from tradehall.kernel.refusal import Refusal

pytestmark = pytest.mark.django_db
NOW = datetime.now(UTC).replace(microsecond=0)
DAY = timedelta(days=1)


def run(*words: str) -> int:
    return trust_command.run(cli.parser().parse_args(["trust", "add", *words]))


def test_an_authority_is_trusted_and_its_list_replaced(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = issuing.issue(Wish("某省根", NOW - DAY, NOW + DAY, is_authority=True), issuing.make_key("sm2"))
    pem, crl = tmp_path / "ca.pem", tmp_path / "ca.crl"
    pem.write_text(issuing.to_pem(root))
    crl.write_bytes(issuing.revoke(root, [], NOW - DAY, NOW + DAY))
    assert run(str(pem)) == 0
    out = capsys.readouterr().out
    assert f"trusted 某省根 SHA-256 {root.certificate.sha256.hex()}" in out and "no revocation list" in out
    assert run(str(pem), "--crl", str(crl)) == 0
    assert "revocation list holds until" in capsys.readouterr().out
    assert len(trust.store().roots) == len(trust.store().lists) == 1


def test_what_is_no_authority_is_refused_in_words(tmp_path: Path) -> None:
    (tmp_path / "x.pem").write_text("nothing")
    with pytest.raises(Refusal, match="证书链无法读取"):
        run(str(tmp_path / "x.pem"))


@pytest.mark.parametrize(("login", "algorithm"), [("demo-bidder", "SM2"), ("demo-principal", "P-256")])
def test_the_demonstration_gives_two_people_certificates(
    login: str, algorithm: str, tmp_path: Path, settings: Any
) -> None:
    settings.HOME = tmp_path
    for name in ("demo-bidder", "demo-principal"):
        services.create_account(by=PLATFORM, at=NOW, login=name, name=name, is_demo=True)
    certificates.issue_all(the_cast(), at=NOW)
    files = certificates.files_of(login)
    assert files is not None and files["algorithm"] == algorithm
    assert Path(files["key"]).stat().st_mode & 0o777 == 0o600
    chain = parse_chain(Path(files["chain"]).read_text())
    said = check_chain(chain, trust.store(), datetime.now(UTC))
    assert len(chain) == 3 and said.uscc and said.unchecked == ()
    (bound,) = certificate_reads.certificates(accounts.account(login))
    assert bound.sha256 == said.sha256
    lost = parse_chain((tmp_path / "demo" / f"{login}-revoked.chain.pem").read_text())
    with pytest.raises(Refusal, match="被吊销"):
        check_chain(lost, trust.store(), datetime.now(UTC))
    assert certificates.files_of("demo-agency") is None
