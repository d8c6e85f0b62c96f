"""Addresses of the door, under /accounts/. Only what is named here exists; allauth's other pages do not."""

from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as passkeys
from django.urls import include, path

from khet.base.signin.views import door, me, people, provider, trail

own = (
    [
        path("me/", me.account, name="account"),
        path("me/history/", me.history, name="my_history"),
        path("me/set-up/", me.setup, name="setup"),
        path("me/password/", me.change_password, name="change_password"),
        path("me/email/", me.email, name="email"),
        path("me/email/<str:token>/", me.confirm_email, name="confirm_email"),
        path("me/sessions/<int:pk>/end/", me.end_session, name="end_session"),
        path("me/sessions/end-others/", me.end_other_sessions, name="end_other_sessions"),
        path("me/go-on/", me.go_on, name="go_on"),
        path("provider/<slug:code>/", provider.sign_in, name="provider_begin"),
        path("provider/<slug:code>/back/", provider.callback, name="provider_callback"),
        path("provider/<slug:code>/link/", provider.start_link, name="provider_link"),
        path("provider/<slug:code>/unlink/", provider.end_link, name="provider_unlink"),
        path("people/", people.accounts, name="accounts"),
        path("people/<int:pk>/", people.account_of, name="account_of"),
        path("people/<int:pk>/invite/", people.send_invite, name="send_invite"),
        path("people/<int:pk>/suspend/", people.suspend, name="suspend"),
        path("people/<int:pk>/link/", people.hand_link, name="hand_link"),
        path("people/<int:pk>/reset-factors/", people.reset, name="reset_factors"),
        path("trail/", trail.trail, name="trail"),
        path("trail/export/", trail.export, name="trail_export"),
        path("password/reset/", door.ask_reset, name="ask_reset"),
        path("password/reset/sent/", door.reset_sent, name="reset_sent"),
        path("password/reset/<str:token>/", door.set_by_link, {"purpose": "reset"}, name="reset"),
        path("password/invite/<str:token>/", door.set_by_link, {"purpose": "invite"}, name="invite"),
    ],
    "signin",
)

urlpatterns = [
    path("login/", door.sign_in, name="account_login"),
    path("logout/", door.sign_out, name="account_logout"),
    path("inactive/", door.inactive, name="account_inactive"),
    path("2fa/", door.second_factor, name="mfa_authenticate"),
    path("2fa/app/add/", totp.activate_totp, name="mfa_activate_totp"),
    path("2fa/app/remove/", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("2fa/passkeys/add/", passkeys.add_webauthn, name="mfa_add_webauthn"),
    path("2fa/passkeys/sign-in/", passkeys.login_webauthn, name="mfa_login_webauthn"),
    path("2fa/passkeys/<int:pk>/remove/", passkeys.remove_webauthn, name="mfa_remove_webauthn"),
    path("2fa/passkeys/<int:pk>/rename/", passkeys.edit_webauthn, name="mfa_edit_webauthn"),
    path("2fa/recovery/", recovery.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("2fa/recovery/new/", recovery.generate_recovery_codes, name="mfa_generate_recovery_codes"),
    path("2fa/mine/", me.to_account, name="mfa_index"),
    path("2fa/passkeys/", me.to_account, name="mfa_list_webauthn"),
    path("", include(own)),
]
