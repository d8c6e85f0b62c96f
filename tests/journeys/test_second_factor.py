"""The second factor: a lost telephone, recovery codes, the administrator's help, passkeys."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from khet.base.signin.demo import DEMO_PASSWORD
from tests.journeys.visitor import Visitor


def sign_out(visitor: Visitor) -> None:
    visitor.context.clear_cookies()
    visitor.signed_in = False


def to_second_factor(visitor: Visitor, username: str) -> None:
    """Password typed; the second factor is asked."""
    visitor.username = username
    visitor.open("/accounts/login/")
    visitor.fill(login=username, password=DEMO_PASSWORD)
    visitor.page.get_by_role("button", name="เข้าสู่ระบบ", exact=True).click()
    visitor.page.wait_for_url("**/accounts/2fa/", wait_until="domcontentloaded")
    visitor.look("second-factor")


def test_lost_telephone(visit, site):
    """Codes kept on paper open the door once each; when they are lost too, the administrator resets the factors."""
    official = visit("head.personnel", phone=True)
    official.open("/accounts/me/")
    official.page.get_by_role("link", name="ออกชุดใหม่").click()
    official.page.get_by_role("button", name="ออกชุดใหม่").click()
    codes = official.page.locator(".recovery-codes code").all_inner_texts()
    assert len(codes) == 10 and len(set(codes)) == 10, codes
    official.look("codes")

    sign_out(official)
    to_second_factor(official, "head.personnel")
    official.give_code(codes[0])
    official.page.wait_for_url(lambda url: "/accounts/" not in url, wait_until="domcontentloaded")
    sign_out(official)
    to_second_factor(official, "head.personnel")
    official.give_code(codes[0])
    expect(official.page.get_by_role("heading", name="ยืนยันด้วยปัจจัยที่สอง")).to_be_visible()
    expect(official.page.locator(".field-error, [role=alert]").locator("visible=true").first).to_be_visible()

    administrator = visit("admin")
    account = site.one("SELECT id FROM org_account WHERE username = 'head.personnel'")
    administrator.open(f"/accounts/people/{account}/")
    administrator.fill(reason="พบตัวแล้ว โทรศัพท์หาย ไม่มีรหัสสำรอง")
    administrator.press("ล้างปัจจัยที่สอง")
    if administrator.page.get_by_role("heading", name="ยืนยันตัวตนอีกครั้ง").is_visible():
        site.half_a_minute_later("admin")
        administrator.page.reload()
        administrator.confirm_freshly()
    expect(administrator.page.get_by_text("ยังไม่ตั้ง").first).to_be_visible()

    official.open("/accounts/login/")
    official.fill(login="head.personnel", password=DEMO_PASSWORD)
    official.page.get_by_role("button", name="เข้าสู่ระบบ", exact=True).click()
    official.page.wait_for_url("**/accounts/me/set-up/**", wait_until="domcontentloaded")
    official.look("set-up")
    set_up_app(official)
    official.open("/desk/")
    kinds = {row[0] for row in site.sql(
        "SELECT e.kind FROM signin_event e JOIN org_account a ON a.id = e.account_id"
        " WHERE a.username = 'head.personnel'"
    )}  # fmt: skip
    assert {"recovery", "factors_reset"} <= kinds or len(kinds) >= 4, kinds


def set_up_app(visitor: Visitor) -> str:
    """Scan the picture with an authenticator app; here its secret is read. Returns the secret."""
    from khet.base.signin.factors import code_at, step_now

    visitor.page.get_by_role("link", name="ตั้งแอป").click()
    visitor.page.get_by_text("สแกนไม่ได้ พิมพ์รหัสตั้งค่าแทน").click()
    secret = visitor.page.locator(".qr-secret").inner_text().strip()
    visitor.fill(code=code_at(secret, step_now()))
    visitor.look("app")
    visitor.page.get_by_role("button", name="ตั้งแอป").click()
    expect(visitor.page.locator(".recovery-codes code").first).to_be_visible()
    visitor.look("recovery-codes")
    return secret


def test_passkey(visit, site):
    """A passkey kept in the device signs in alone, and confirms freshly."""
    official = visit("head.finance")
    devices = official.context.new_cdp_session(official.page)
    devices.send("WebAuthn.enable")
    devices.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )
    official.open("/accounts/me/")
    official.page.get_by_role("link", name="เพิ่มพาสคีย์").click()
    official.page.wait_for_url("**/2fa/passkeys/add/", wait_until="domcontentloaded")
    official.fill(name="โน้ตบุ๊กที่ทำงาน")
    official.page.locator("[name=passwordless]").check()
    official.look("add-passkey")
    official.page.get_by_role("button", name="เพิ่มพาสคีย์").click()
    official.page.wait_for_url(re.compile(r"/accounts/(me|2fa/recovery)/"), wait_until="domcontentloaded")
    assert site.sql("SELECT count(*) FROM mfa_authenticator WHERE type = 'webauthn'") == [(1,)]

    sign_out(official)
    official.open("/accounts/login/")
    official.page.get_by_role("button", name="เข้าด้วยพาสคีย์").click()
    official.page.wait_for_url(lambda url: "/accounts/" not in url, wait_until="domcontentloaded")
    official.open("/accounts/me/")
    official.sees("โน้ตบุ๊กที่ทำงาน")

    sign_out(official)
    to_second_factor(official, "head.finance")
    official.page.get_by_role("button", name="ใช้พาสคีย์").click()
    official.page.wait_for_url(lambda url: "/accounts/" not in url, wait_until="domcontentloaded")
