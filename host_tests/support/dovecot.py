"""A Dovecot of the tests: unprivileged, on loopback, in a temporary folder of its own.

Plain port and TLS port, any number of accounts. stop() leaves no process and no file.
"""

import base64
import contextlib
import grp
import itertools
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path

from tools.sim.certs import Authority, Leaf
from tools.sim.message import compose
from tools.sim.other_client import OtherClient
from tools.sim.ports import LOOPBACK, HeldPort

USER = "alice"
PASSWORD = "secret"
GREETING = "Dovecot of the tests"
START_S = 60  # a busy machine; one that cannot start ends, and is not waited for
STOP_S = 60

# `{…}` of Dovecot is doubled for str.format. No chroot, no penalty for wrong passwords, no fsync:
# it runs without root and answers at once.
CONFIGURATION = """\
base_dir = {folder}/run
state_dir = {folder}/run
log_path = {folder}/log
protocols = imap
listen = 127.0.0.1
default_internal_user = {user}
default_internal_group = {group}
default_login_user = {user}
first_valid_uid = 0
mail_location = maildir:{folder}/mail/%n/Maildir
mail_fsync = never
mail_max_userip_connections = 100
ssl_cert = <{folder}/cert.pem
ssl_key = <{folder}/key.pem
login_greeting = {greeting}
disable_plaintext_auth = no
auth_failure_delay = 0
passdb {{
  driver = passwd-file
  args = {folder}/users
}}
userdb {{
  driver = static
  args = uid={user} gid={group} home={folder}/mail/%n
}}
service anvil {{
  chroot =
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {plain_port}
  }}
  inet_listener imaps {{
    port = {tls_port}
  }}
}}
{more}
"""

# For `more`, with braces as they are. Bearer tokens are JWTs signed (HS256) with TOKEN_KEY.
EVERY_MECHANISM = """\
auth_mechanisms = plain login cram-md5 scram-sha-1 scram-sha-256 anonymous xoauth2 oauthbearer
auth_anonymous_username = guest
passdb {
  driver = oauth2
  mechanisms = xoauth2 oauthbearer
  args = {folder}/oauth2
}
"""
RIGHTS = """\
mail_plugins = acl
protocol imap {
  mail_plugins = acl imap_acl
}
plugin {
  acl = vfile
}
"""
TOKEN_KEY = b"known to the tests and to Dovecot"
OAUTH2 = """\
introspection_mode = local
local_validation_key_dict = fs:posix:prefix={folder}/keys/
username_attribute = sub
"""


def missing() -> str:
    """Return why it cannot run here, or nothing."""
    if not _executable():
        return "Dovecot is not installed (Debian: dovecot-imapd)"
    if os.geteuid() == 0 and not shutil.which("setpriv"):
        return "as root Dovecot needs setpriv (util-linux) to run unprivileged"
    said = subprocess.run([_executable(), "--version"], capture_output=True, text=True).stdout
    return "" if said.startswith("2.3.") else f"the configuration is for Dovecot 2.3, not {said}"


class Dovecot:
    """One running Dovecot. `accounts` maps user names to passwords of any characters."""

    name = "dovecot"
    host = "localhost"
    user = USER
    password = PASSWORD

    def __init__(
        self,
        accounts: dict[str, str] | None = None,
        *,
        authority: Authority | None = None,
        leaf: Leaf | None = None,
        more: str = "",
    ) -> None:
        authority = authority or Authority()
        self.ca_pem = authority.pem
        self._ports = HeldPort(), HeldPort()
        self.plain_port, self.tls_port = (port.number for port in self._ports)
        # Short, because the names of Unix sockets are limited to 108 characters.
        self._folder = Path(tempfile.mkdtemp(prefix="dovecot-"))
        self._numbers = itertools.count()
        self._process: subprocess.Popen[bytes] | None = None
        try:
            self._write(leaf or authority.issue(), {USER: PASSWORD, **(accounts or {})}, more)
            self.start()
        except BaseException:
            self.stop()
            raise
        self.other = OtherClient(self.tls_port, USER, PASSWORD, self.ca_pem)

    def deliver(self, sender: str = "Ann <ann@example.org>", subject: str = "Hello") -> None:
        """Deliver one unread message to INBOX as a mail server does, by a rename."""
        self.deliver_raw(compose(sender, "me@example.org", subject, ""))

    def deliver_raw(self, *mails: bytes, user: str = USER) -> None:
        """Deliver whole messages, byte by byte as given."""
        inbox = self._folder / "mail" / user / "Maildir"
        for mail in mails:
            name = f"{time.time_ns()}.{next(self._numbers)}.localhost"
            path = inbox / "tmp" / name
            path.write_bytes(mail)
            path.chmod(0o644)
            if os.geteuid() == 0:
                os.chown(path, *_owner())
            path.rename(inbox / "new" / name)

    def mark_seen(self, count: int | None = None) -> None:
        """Read the oldest `count` unread messages elsewhere, or all."""
        self.other.mark_seen(count)

    def expunge(self, count: int | None = None) -> None:
        """Delete the oldest `count` messages elsewhere, or all."""
        self.other.expunge(count)

    def unseen(self) -> int:
        """Return how many messages are unread."""
        return self.other.unseen()

    def start(self) -> None:
        """Run on the ports of before; return when it greets."""
        command = [_executable(), "-F", "-c", str(self._folder / "dovecot.conf")]
        if os.geteuid() == 0:
            uid, gid = _owner()
            drop = ["setpriv", f"--reuid={uid}", f"--regid={gid}", "--clear-groups"]
            command = [*drop, *command]
        self._process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        deadline = time.monotonic() + START_S
        while not _greets(self.plain_port):
            if self._process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError("Dovecot did not start:\n" + self.log())
            time.sleep(0.02)

    def shut_down(self) -> None:
        """End as an administrator would, with BYE to whoever is connected; keep the mail."""
        self._end(signal.SIGTERM)

    def crash(self) -> None:
        """End without a word; keep the mail."""
        self._end(signal.SIGKILL)

    def restart(self) -> None:
        """Shut down and start again on the same ports, with the same mail."""
        self.shut_down()
        self.start()

    def stop(self) -> None:
        """End for good: no process and no file is left."""
        self.crash()
        shutil.rmtree(self._folder, ignore_errors=True)
        for port in self._ports:
            port.release()

    def log(self) -> str:
        """Return what Dovecot logged."""
        path = self._folder / "log"
        return path.read_text(errors="replace") if path.exists() else "(no log)"

    def _end(self, how: signal.Signals) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        with contextlib.suppress(ProcessLookupError):
            # SIGTERM to the master alone lets it tell its children; a crash takes all.
            os.killpg(process.pid, how) if how is signal.SIGKILL else process.send_signal(how)
        try:
            process.wait(STOP_S)
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()

    def _write(self, leaf: Leaf, accounts: dict[str, str], more: str) -> None:
        owner = pwd.getpwuid(_owner()[0]).pw_name
        group = grp.getgrgid(_owner()[1]).gr_name
        text = CONFIGURATION.format(
            folder=self._folder,
            user=owner,
            group=group,
            plain_port=self.plain_port,
            tls_port=self.tls_port,
            greeting=GREETING,
            more=more.replace("{folder}", str(self._folder)),
        )
        (self._folder / "dovecot.conf").write_text(text)
        (self._folder / "cert.pem").write_bytes(leaf.cert_pem)
        (self._folder / "key.pem").write_bytes(leaf.key_pem)
        (self._folder / "oauth2").write_text(OAUTH2.format(folder=self._folder))
        key = self._folder / "keys" / "default" / "HS256" / "default"
        key.parent.mkdir(parents=True)
        key.write_bytes(base64.b64encode(TOKEN_KEY))
        lines = [f"{name}:{{PLAIN.b64}}{_base64(word)}\n" for name, word in accounts.items()]
        (self._folder / "users").write_text("".join(lines))
        for name in accounts:
            for part in ("tmp", "new", "cur"):
                (self._folder / "mail" / name / "Maildir" / part).mkdir(parents=True)
        if os.geteuid() == 0:
            for path in (self._folder, *self._folder.rglob("*")):
                os.chown(path, *_owner())


def _executable() -> str:
    return shutil.which("dovecot", path=os.environ.get("PATH", "") + ":/usr/sbin") or ""


def _owner() -> tuple[int, int]:
    """Who Dovecot runs as: us, or nobody when we are root, whom it refuses."""
    if os.geteuid() != 0:
        return os.geteuid(), os.getegid()
    nobody = pwd.getpwnam("nobody")
    return nobody.pw_uid, nobody.pw_gid


def _base64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def _greets(port: int) -> bool:
    try:
        with socket.create_connection((LOOPBACK, port), timeout=START_S) as link:
            return link.makefile("rb").readline().endswith(b" %s\r\n" % GREETING.encode())
    except OSError:
        return False
