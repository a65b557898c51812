"""Who may ask and who may not: nothing that a page elsewhere, a forged name or a path can do."""

from __future__ import annotations

import asyncio
import errno
import json
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from explorer import API, HERE, SOCKET, Fake, compare_id, doing, run_id, until
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from hegemon.cli.serve import frames
from hegemon.errors import BadValue
from hegemon.order import Order
from hegemon.server import limits
from hegemon.server.app import create, refusal
from hegemon.server.pages import built, page_of
from hegemon.server.safety import Rules, hostname, same
from hegemon.server.site import Site

RUN = {"scenario": "post-soviet", "runs": 10}


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "localhost.evil.example:8000", "", "127.0.0.2",
                                  "127.0.0.1@evil.example", "evil.example:127.0.0.1", "2130706433", "0.0.0.0:8000"])  # fmt: skip
def test_a_forged_host_is_refused(refusing: TestClient, host: str) -> None:
    """DNS rebinding: a name elsewhere that points here still names itself."""
    for address in ("/", f"{API}/results", "/api/docs"):
        assert refusing.get(address, headers={"host": host}).status_code == 403
    with pytest.raises(WebSocketDisconnect), refusing.websocket_connect(SOCKET, headers={"host": host}):
        pass


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.1:1", "localhost:5173", "LOCALHOST", "[::1]:80"])
def test_the_machines_own_names_are_let_in(refusing: TestClient, host: str) -> None:
    assert refusing.get(f"{API}/about", headers={"host": host}).status_code == 200


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "http://127.0.0.1:8001", "http://localhost:8000",
                                    "file://", "http://127.0.0.1:8000.evil.example", "http://[", ""])  # fmt: skip
def test_a_page_of_another_address_is_refused(refusing: TestClient, unasked: Fake, origin: str) -> None:
    """Reading, writing and listening; another port of this machine is another address."""
    assert refusing.get(f"{API}/results", headers={"origin": origin}).status_code == 403
    assert refusing.post(f"{API}/studies/run", json=RUN, headers={"origin": origin}).status_code == 403
    with pytest.raises(WebSocketDisconnect), refusing.websocket_connect(SOCKET, headers={"origin": origin}):
        pass
    assert unasked.tasks == []


def test_a_form_of_another_page_cannot_start_a_run(client: TestClient, worker: Fake) -> None:
    """What a page can make a browser send without asking: plain text, and requests marked as of another site."""
    body = json.dumps(RUN)
    for headers in ({"content-type": "text/plain"}, {"content-type": "application/x-www-form-urlencoded"},
                    {"content-type": "application/json", "sec-fetch-site": "cross-site"},
                    {"content-type": "application/json", "sec-fetch-site": "same-site"}):  # fmt: skip
        assert client.post(f"{API}/studies/run", content=body, headers=headers).status_code in (400, 403)
    assert worker.tasks == []
    mine = {"origin": HERE, "sec-fetch-site": "same-origin"}
    assert client.post(f"{API}/studies/run", json=RUN, headers=mine).status_code == 202


PATHS = ["../../../../etc/passwd", "..%2f..%2f..%2fetc%2fpasswd", "%2e%2e/%2e%2e/etc/passwd", "....//....//etc/passwd",
         "/etc/passwd", "//etc/passwd", "..\\..\\windows\\win.ini", "%00", "manifest.json%00.png", "~/.ssh/id_rsa",
         ".explorer/jobs", ".", "..", "%252e%252e%252fetc%252fpasswd", "file:///etc/passwd"]  # fmt: skip


@pytest.mark.parametrize("path", PATHS)
def test_no_path_is_ever_opened(client: TestClient, results: Path, toy: Order, path: str) -> None:
    """In an address, as an id, as a name: what comes is a page, or a refusal, and never a file."""
    (results.parent / "secret.toml").write_text('question = "root:x:0:0"', encoding="utf-8")
    addresses = [f"/{path}", f"/assets/{path}", f"/api/docs/{path}", f"{API}/results/{path}", f"{API}/results/{path}/numbers",
                 f"{API}/results/{path}/download?format=zip", f"{API}/results/{path}/document", f"{API}/history/{path}",
                 f"{API}/map/{path}", f"{API}/parameters?scenario={path}",
                 f"{API}/results/{run_id(toy)}/histories/{path}", f"{API}/claims?ledger={path}"]  # fmt: skip
    for address in addresses:
        found = client.get(address, follow_redirects=False)
        assert found.status_code in (200, 400, 404), address
        assert "root:" not in found.text
        if found.status_code == 200:
            assert found.text.lower().startswith("<!doctype html") or address.endswith((f"{API}/results/.", "/..", "/.")), address
    for asked in ({"scenario": path}, {"scenario": "../secret.toml"}):
        assert client.post(f"{API}/studies/run", json=asked).status_code == 400
    sent = client.post(f"{API}/scenarios", json={"name": path, "text": 'extends = "post-soviet"'})
    assert sent.status_code == 400
    assert client.post(f"{API}/studies/predict", json={"history": path}).status_code == 400


@pytest.mark.slow
def test_a_link_in_the_results_folder_does_not_make_files_public(results: Path, toy: Order) -> None:
    """Only files that a result consists of are bundled: no link out of its folder."""
    secret = results.parent / "secret"
    secret.write_text("root:x:0:0", encoding="utf-8")
    name = compare_id(toy)
    (results / name / "link").symlink_to(secret)
    import io
    import zipfile

    with TestClient(create(Site(results, runner=Fake(), asker=Fake(doing(results)))), base_url=HERE) as client:
        for format in ("zip", "bundle"):
            packed = client.get(f"{API}/results/{name}/download?format={format}")
            assert packed.status_code == 200
            with zipfile.ZipFile(io.BytesIO(packed.content)) as found:
                assert not any("link" in entry or b"root:" in found.read(entry) for entry in found.namelist())


def test_every_answer_carries_the_policy(client: TestClient) -> None:
    """Pages, data, refusals and downloads."""
    for address in ("/", "/api/docs", f"{API}/results", f"{API}/nothing", f"{API}/openapi.json", "/nothing.png"):
        headers = client.get(address).headers
        assert headers["content-security-policy"].startswith("default-src 'self';"), address
        assert "unsafe" not in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
    refused = client.get("/", headers={"host": "evil.example"})
    assert refused.headers["content-security-policy"].startswith("default-src 'self';")


def test_a_body_that_is_too_large_is_refused(client: TestClient) -> None:
    """By what it says of itself, and by what comes."""
    big = b'{"scenario": "' + b"x" * limits.BODY + b'"}'
    json_type = {"content-type": "application/json"}
    assert client.post(f"{API}/studies/run", content=big, headers=json_type).status_code == 413

    def pieces() -> Iterator[bytes]:
        for _ in range(100):
            yield b"x" * 10_000

    assert client.post(f"{API}/studies/run", content=pieces(), headers=json_type).status_code == 413
    for length in ("-1", "1e3", "9" * 5_000, "", "\xb2"):
        with_length = [(b"content-type", b"application/json"), (b"content-length", length.encode("latin-1"))]
        assert client.post(f"{API}/studies/run", content=b"{}", headers=with_length).status_code == 413, length


def test_a_body_that_never_ends_is_not_waited_for(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """The one who dawdles gets 408, and others their answers meanwhile."""
    monkeypatch.setattr(limits, "BODY_SECONDS", 2.0)
    app = create(site)

    async def ask(method: str, path: str, pieces: AsyncIterator[bytes] | None) -> int:
        sent: list[dict[str, Any]] = []

        async def receive() -> dict[str, Any]:
            if pieces is None:
                return {"type": "http.request", "body": b"", "more_body": False}
            return {"type": "http.request", "body": await anext(pieces), "more_body": True}

        async def send(message: Any) -> None:
            sent.append(message)

        headers = [(b"host", b"localhost"), (b"content-type", b"application/json")]
        scope = {"type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": method, "path": path,
                 "raw_path": path.encode(), "query_string": b"", "root_path": "", "scheme": "http", "headers": headers,
                 "client": ("127.0.0.1", 1), "server": ("127.0.0.1", 8000)}  # fmt: skip
        await app(scope, receive, send)
        starts = [message["status"] for message in sent if message["type"] == "http.response.start"]
        assert len(starts) == 1
        return int(starts[0])

    async def dawdle() -> AsyncIterator[bytes]:
        while True:
            await asyncio.sleep(0.5)
            yield b" "

    async def both() -> tuple[int, int]:
        slow = asyncio.ensure_future(ask("POST", f"{API}/studies/run", dawdle()))
        quick = await ask("GET", f"{API}/about", None)
        assert not slow.done()
        return await asyncio.wait_for(slow, 60.0), quick

    with ThreadPoolExecutor(1) as own:  # a browser of other tests may have a loop in this thread
        assert own.submit(lambda: asyncio.run(both())).result() == (408, 200)


def test_the_network_is_let_in_with_the_token_only(results: Path) -> None:
    """In the address once, then in a cookie that scripts cannot read; or as a bearer."""
    site = Site(results, Rules(frozenset({"127.0.0.1", "192.168.7.7"}), "s3cret"), runner=Fake(), asker=Fake())
    there = "http://192.168.7.7:8765"
    with TestClient(create(site), base_url=there) as client:
        assert client.get(f"{API}/results").status_code == 401
        assert client.get("/?token=wrong").status_code == 401
        assert client.get(f"{API}/results", headers={"authorization": "Bearer s3cret"}).status_code == 200
        arrived = client.get("/run/x?token=s3cret&q=2001Q1", follow_redirects=False)
        assert arrived.status_code == 303
        assert arrived.headers["location"] == "/run/x?q=2001Q1"
        cookie = arrived.headers["set-cookie"]
        assert "HttpOnly" in cookie
        assert "SameSite=Lax" in cookie
        assert client.get(f"{there}//evil.example/?token=s3cret", follow_redirects=False).headers["location"] == "/evil.example/"
        assert client.get(f"{API}/results").status_code == 200
        with client.websocket_connect(f"ws://192.168.7.7:8765{API}/changes") as socket:
            assert "revision" in socket.receive_json()
        assert client.get(f"{API}/results", headers={"host": "evil.example"}).status_code == 403
    with TestClient(create(Site(results, site.rules, runner=Fake(), asker=Fake())), base_url=there) as client:
        with pytest.raises(WebSocketDisconnect), client.websocket_connect(f"ws://192.168.7.7:8765{API}/changes"):
            pass
        client.cookies.set("hegemon-token", "wrong")
        assert client.get(f"{API}/results").status_code == 401


def test_a_viewers_link_lets_look_and_a_hosts_link_do_more(results: Path, toy: Order) -> None:
    there, rules = "http://192.168.7.7:8765", Rules(frozenset({"192.168.7.7"}), "h0st", "v13wer")
    worker, name = Fake(), run_id(toy)
    with TestClient(create(Site(results, rules, runner=worker, asker=Fake())), base_url=there) as client:
        viewer, host = ({"authorization": f"Bearer {token}"} for token in ("v13wer", "h0st"))
        assert client.get(f"{API}/about", headers=viewer).json()["viewer"] is True
        assert client.get(f"{API}/about", headers=host).json()["viewer"] is False
        asked = {"scenario": "post-soviet", "runs": 300}
        assert client.get(f"{API}/results/{name}", headers=viewer).status_code == 200
        assert client.post(f"{API}/estimate/run", json=asked, headers=viewer).status_code == 200
        sent = {"name": "mine", "text": "extends = 'post-soviet'"}
        mine = f"/results/{name}"
        for method, path, body in (("POST", "/studies/run", asked), ("POST", "/scenarios", sent), ("DELETE", mine, None),
                                   ("PATCH", mine, {"title": "x"}), ("DELETE", "/scenarios/toy", None),
                                   ("POST", f"{mine}/cancel", None), ("POST", f"{mine}/restore", None)):  # fmt: skip
            refused = client.request(method, f"{API}{path}", json=body, headers=viewer)
            assert (refused.status_code, "This link is for looking" in refused.json()["error"]) == (403, True), path
        assert worker.tasks == [] and (results / name).is_dir()
        arrived = client.get("/?token=v13wer", follow_redirects=False)
        assert "hegemon-token=v13wer" in arrived.headers["set-cookie"]
        assert client.delete(f"{API}/results/{name}").status_code == 403, "the cookie is the viewer's"
        assert client.post(f"{API}/studies/run", json=asked, headers=host).status_code == 202


def test_who_comes_without_a_token_reads_why(results: Path) -> None:
    """A person gets a page in plain words that runs nothing; a program, a sentence."""
    site = Site(results, Rules(frozenset({"192.168.7.7"}), "h0st", "v13wer"), runner=Fake(), asker=Fake())
    with TestClient(create(site), base_url="http://192.168.7.7:8765") as client:
        page = client.get("/?token=forgotten", headers={"accept": "text/html,*/*"})
        assert page.status_code == 401
        assert "Ask whoever invited you for the link" in page.text
        assert "script" not in page.text and "default-src 'none'; style-src 'sha256-" in page.headers["content-security-policy"]
        told = client.get(f"{API}/results", headers={"accept": "text/html"})
        assert (told.status_code, set(told.json())) == (401, {"error"})


def test_other_sites_may_frame_it_only_where_that_was_asked(results: Path) -> None:
    for sites, said in (((), "frame-ancestors 'none'"), (("https://a.example",), "frame-ancestors 'self' https://a.example")):
        with TestClient(create(Site(results, Rules(frames=sites), runner=Fake(), asker=Fake())), base_url=HERE) as client:
            for path in ("/", f"{API}/about", f"{API}/nothing"):
                assert client.get(path).headers["content-security-policy"].endswith(said)


@pytest.mark.parametrize("origin", ["example.org", "https://x.org/page", "*", "https://a b", "javascript:x", "https://x; y"])
def test_what_is_no_site_cannot_frame_it(origin: str) -> None:
    with pytest.raises(BadValue, match="without a path"):
        frames([origin])


def test_no_more_tabs_listen_than_the_explorer_takes(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "SOCKETS", 1)
    with client.websocket_connect(SOCKET) as first:
        first.receive_json()
        with pytest.raises(WebSocketDisconnect), client.websocket_connect(SOCKET):
            pass
    until(lambda: client.app.state.site.changes.open == 0)  # type: ignore[attr-defined]
    with client.websocket_connect(SOCKET) as again:
        again.receive_json()


@given(st.text())
def test_only_files_of_the_build_are_pages(tmp_path_factory: pytest.TempPathFactory, address: str) -> None:
    """Any other address opens the application or nothing."""
    pages = built(Path("nowhere-at-all"))
    found = page_of(pages, address)
    assert found is None or found is pages[""]


@given(st.text(max_size=80))
def test_no_other_name_sounds_like_this_machine(host: str) -> None:
    name = hostname(host)
    if name in ("127.0.0.1", "localhost", "[::1]"):
        assert host.lower() == name or (host.lower().startswith(f"{name}:") and host[len(name) + 1 :].isdigit())


@given(st.text(max_size=80))
def test_no_other_origin_is_the_same(origin: str) -> None:
    if same(origin, "127.0.0.1:8000"):
        assert origin.lower().split("?")[0].split("#")[0] in ("http://127.0.0.1:8000", "https://127.0.0.1:8000")


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.one_of(st.text(max_size=300), st.text(alphabet='[]{}="\n.# \tab019-:,\'\\_', max_size=200)))
def test_any_text_as_a_scenario_is_one_sentence(client: TestClient, text: str) -> None:
    """Alone, and after a line that makes the rest optional."""
    for whole in (text, f'extends = "post-soviet"\n{text}'):
        body = json.dumps({"name": "fuzz", "text": whole})
        found = client.post(f"{API}/scenarios", content=body, headers={"content-type": "application/json"})
        assert found.status_code in (201, 400), found.text
        if found.status_code == 400:
            assert found.json()["error"].isprintable()


NO_BODIES = [
    b"[" * 500_000,
    b'{"scenario": "post-soviet", "seed": ' + b"9" * 5_000 + b"}",
    b"\xff\xfe{}",
    b'{"\\ud800": 1}',
    b'{"scenario": "\\ud800"}',
    b'{"a\\nb": 1}',
    b"",
    b"null",
    b"NaN",
    b'{"scenario": NaN}',
    b'{"scenario": "post-soviet"',
    b'{"scenario": "post-soviet", "runs": 1.5}',
    b'{"scenario": "post-soviet", "force": ["\\ud800"]}',
    b'{"scenario": "post-soviet", "set": {"pact.vote": 1e400}}',
    b'{"scenario": "post-soviet", "set": {"a=b": 1}}',
    b'{"scenario": "post-soviet", "set": {"\\u0000": 1}}',
]


@pytest.mark.parametrize("body", NO_BODIES, ids=lambda body: repr(body[:60]))
def test_any_body_that_is_none_is_one_sentence(refusing: TestClient, unasked: Fake, body: bytes) -> None:
    """Too deep, too long, no text, half characters, no number: 400, never a traceback."""
    for address in ("studies/run", "estimate/run", "studies/compare", "scenarios", "studies/predict"):
        found = refusing.post(f"{API}/{address}", content=body, headers={"content-type": "application/json"})
        assert found.status_code == 400, (address, found.text)
        assert found.json()["error"]
        assert len(found.text) < 1_000
        assert found.json()["error"].isprintable()
    assert unasked.tasks == []


def test_any_address_that_is_none_is_told_so(client: TestClient) -> None:
    for path in ("%ff", "%00", "%ed%a0%80", "a" * 5_000, "%0d%0aset-cookie:x=y", "?measures=%ff", "?token=%ff"):
        for address in (f"{API}/results/{path}", f"{API}/history/{path}", f"/{path}"):
            found = client.get(address, follow_redirects=False)
            assert found.status_code in (200, 400, 404)
            assert "set-cookie" not in found.headers


@pytest.mark.parametrize(("error", "said"), [
    (OSError(errno.ENOSPC, "No space left on device", "/r/a.nc"), 'No space left on device ("/r/a.nc"). Make room and'),
    (MemoryError(), "Cannot allocate memory. Close other programs"),
])  # fmt: skip
def test_what_the_machine_refuses_is_one_sentence(error: Exception, said: str) -> None:
    status, sentence = refusal(error)
    assert status == 507 and sentence.startswith(said)
