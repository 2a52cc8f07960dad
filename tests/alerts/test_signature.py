"""Signed CAP: verified by another program too, and never unsigned in silence."""

import logging
import shutil
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from lxml import etree
from signxml.exceptions import SignXMLException

from alerts import approval, cap, ledger, signature
from alerts.models import AlertMessage, AlertPage
from tests.alerts import outputs
from tests.factories.alerts import AlertFactory, author, send
from tests.factories.users import UserFactory

pytestmark = pytest.mark.once

NOW = datetime.now(UTC)
MAKERS = {
    "rsa": lambda: rsa.generate_private_key(public_exponent=65537, key_size=2048),
    "ecdsa": lambda: ec.generate_private_key(ec.SECP256R1()),
}


def made(
    folder: Path, kind: str = "ecdsa", *, begins=NOW - timedelta(days=1), ends=NOW + timedelta(days=365)
):
    """A new key and its own certificate, as files."""
    key = MAKERS[kind]()
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Vigie")])
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    builder = (
        builder.serial_number(x509.random_serial_number()).not_valid_before(begins).not_valid_after(ends)
    )
    folder.mkdir(exist_ok=True)
    paths = folder / "key.pem", folder / "certificate.pem"
    paths[0].write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    paths[1].write_bytes(builder.sign(key, hashes.SHA256()).public_bytes(Encoding.PEM))
    return paths


@pytest.fixture(params=list(MAKERS))
def keys(request, settings, tmp_path):
    return configure(settings, made(tmp_path / "keys", request.param))


def configure(settings, paths):
    settings.ALERT_SIGNING_KEY, settings.ALERT_SIGNING_CERTIFICATE = map(str, paths)
    return paths


def certificate(paths):
    return x509.load_pem_x509_certificate(paths[1].read_bytes())


def codes():
    return [problem.id for problem in signature.problems(NOW)]


@pytest.mark.django_db
class TestAMessage:
    def test_it_is_signed_and_still_follows_the_schema(self, clock, keys):
        message = send(AlertFactory(what_fr="Éloignez-vous & restez < 2 h dehors"))
        xml = message.xml.encode()
        cap.validate(xml)
        root = etree.fromstring(xml)
        assert root[-1].tag == "{http://www.w3.org/2000/09/xmldsig#}Signature"
        covered = signature.verify(xml, certificate(keys))
        assert covered.findtext("{*}identifier") == message.identifier
        assert len(covered.findall("{*}info")) == 2
        assert outputs.files()[message.url] == xml
        assert ledger.verify() == []

    @pytest.mark.parametrize(("old", "new"), [("Severe", "Minor"), ("Actual", "Test"), ("21001", "21002")])
    def test_what_is_changed_afterwards_does_not_verify(self, clock, keys, old, new):
        message = send(AlertFactory(whole_region=True))
        tampered = message.xml.replace(old, new, 1)
        assert tampered != message.xml
        with pytest.raises(SignXMLException):
            signature.verify(tampered.encode(), certificate(keys))

    def test_another_s_certificate_does_not_verify(self, clock, keys, tmp_path):
        message = send(AlertFactory())
        with pytest.raises(SignXMLException):
            signature.verify(message.xml.encode(), certificate(made(tmp_path / "other")))

    def test_an_unsigned_message_does_not_verify(self, clock, keys, settings):
        settings.ALERT_SIGNING_KEY = settings.ALERT_SIGNING_CERTIFICATE = ""
        message = send(AlertFactory())
        assert "Signature" not in message.xml
        with pytest.raises(SignXMLException):
            signature.verify(message.xml.encode(), certificate(keys))

    def test_after_a_rotation_old_messages_verify_with_the_old_certificate(
        self, clock, keys, settings, tmp_path
    ):
        old = send(AlertFactory())
        new_keys = configure(settings, made(tmp_path / "new"))
        new = send(AlertFactory())
        signature.verify(old.xml.encode(), certificate(keys))
        signature.verify(new.xml.encode(), certificate(new_keys))

    @pytest.mark.skipif(shutil.which("xmlsec1") is None, reason="xmlsec1 is not installed")
    def test_another_program_verifies_it(self, clock, keys, tmp_path):
        message = send(AlertFactory())
        file = tmp_path / "message.xml"
        for xml, accepted in ((message.xml, True), (message.xml.replace("Severe", "Minor"), False)):
            file.write_text(xml, encoding="utf-8")
            command = [
                "xmlsec1",
                "--verify",
                "--enabled-key-data",
                "x509",
                "--trusted-pem",
                str(keys[1]),
                str(file),
            ]
            assert (subprocess.run(command, capture_output=True, check=False).returncode == 0) is accepted


def broken_key(paths):
    paths[0].write_text("not a key")


def missing_key(paths):
    paths[0].unlink()


def missing_certificate(paths):
    paths[1].unlink()


def other_certificate(paths):
    paths[1].write_bytes(made(paths[1].parent / "other")[1].read_bytes())


def unknown_key(paths):
    pem = ed25519.Ed25519PrivateKey.generate().private_bytes(
        Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()
    )
    paths[0].write_bytes(pem)


FAULTS = [broken_key, missing_key, missing_certificate, other_certificate, unknown_key]


@pytest.mark.django_db
class TestWhenSigningFails:
    @pytest.mark.parametrize("fault", FAULTS)
    def test_cap_is_withheld_with_an_alarm_and_the_banner_goes_out(
        self, clock, settings, tmp_path, caplog, fault
    ):
        fault(configure(settings, made(tmp_path / "keys")))
        with caplog.at_level(logging.ERROR):
            message = send(AlertFactory())
        assert message.xml == ""
        assert outputs.cap_urls() == set()
        assert outputs.active()[0]["cap"] is None
        assert outputs.band("fr")
        assert f"{message.identifier} could not be made" in caplog.text
        assert "ALERT_SIGNING" in caplog.text

    def test_so_it_is_where_one_of_the_two_is_not_set(self, clock, settings, tmp_path, caplog):
        configure(settings, made(tmp_path / "keys"))
        settings.ALERT_SIGNING_CERTIFICATE = ""
        assert send(AlertFactory()).xml == ""
        assert "ALERT_SIGNING_CERTIFICATE is not set" in caplog.text

    def test_so_it_is_where_the_signature_does_not_verify(self, clock, keys, monkeypatch, caplog):
        def fails(xml, certificate):
            raise SignXMLException("does not match")

        monkeypatch.setattr(signature, "verify", fails)
        assert send(AlertFactory()).xml == ""
        assert "does not match" in caplog.text

    def test_the_officer_is_told(self, clock, settings, tmp_path, client):
        missing_key(configure(settings, made(tmp_path / "keys")))
        alert = AlertFactory()
        revision = alert.save_revision(user=author())
        client.force_login(UserFactory(groups=["Duty officers"], language="fr"))
        seen = approval.fingerprint(AlertPage, revision.as_object().serializable_data())
        response = client.post(
            f"/cms/alerts/approval/{alert.pk}/", {"seen": seen, "publish": "1"}, follow=True
        )
        assert any("CAP" in str(message) for message in response.context["messages"])
        assert AlertMessage.objects.get().xml == ""

    def test_so_it_is_once_the_certificate_has_expired_since_receivers_would_refuse_it(
        self, clock, settings, tmp_path, caplog
    ):
        configure(settings, made(tmp_path / "keys", ends=NOW - timedelta(hours=1)))
        assert send(AlertFactory()).xml == ""
        assert "expired" in caplog.text


class TestTheCheck:
    @pytest.mark.parametrize(
        ("days", "expected"), [(400, []), (31, []), (29, ["vigie.W010"]), (0, ["vigie.W013"])]
    )
    def test_it_warns_a_month_before_the_certificate_expires(self, settings, tmp_path, days, expected):
        configure(settings, made(tmp_path / "keys", ends=NOW + timedelta(days=days)))
        assert codes() == expected

    def test_it_warns_of_one_that_is_not_valid_yet(self, settings, tmp_path):
        configure(settings, made(tmp_path / "keys", begins=NOW + timedelta(days=1)))
        assert codes() == ["vigie.W011"]

    @pytest.mark.parametrize("fault", FAULTS)
    def test_it_finds_what_would_withhold_messages(self, settings, tmp_path, fault):
        fault(configure(settings, made(tmp_path / "keys")))
        assert codes() == ["vigie.W012"]

    def test_it_says_nothing_where_nothing_is_configured(self):
        assert codes() == []
