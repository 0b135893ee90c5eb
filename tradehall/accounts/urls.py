"""The addresses of signing in and of one's own account. The first list has the names the sign-in library asks for."""

from django.urls import URLPattern, URLResolver, include, path

from tradehall.accounts.views import again, entrance, factors, joining, pages, sessions

own = [
    path("login/anew", entrance.start_anew, name="start-anew"),
    path("login/new", joining.create_account, name="create-account"),
    path("account/sessions", sessions.sessions, name="sessions"),
    path("account/sessions/end-all", sessions.end_all_sign_ins, name="end-all-sign-ins"),
    path("account/sessions/<str:sid>/end", sessions.end_sign_in, name="end-sign-in"),
    path("account/hall/unlink", sessions.unlink_hall, name="unlink-hall"),
    path("account/stay", sessions.stay, name="stay"),
]
urlpatterns: list[URLPattern | URLResolver] = [
    path("login", entrance.sign_in, name="account_login"),
    path("login/code", entrance.code, name="mfa_authenticate"),
    path("login/passkey", entrance.passkey, name="mfa_login_webauthn"),
    path("login/again", again.again, name="account_reauthenticate"),
    path("login/again/code", again.again_code, name="mfa_reauthenticate"),
    path("login/again/passkey", again.again_passkey, name="mfa_reauthenticate_webauthn"),
    path("login/inactive", pages.inactive, name="account_inactive"),
    path("login/hall/<str:provider_id>", entrance.hall_sign_in, name="openid_connect_login"),
    path("login/hall/<str:provider_id>/callback", entrance.hall_callback, name="openid_connect_callback"),
    path("logout", entrance.sign_out, name="account_logout"),
    path("account", sessions.home, name="mfa_index"),
    path("account/password", sessions.password, name="account_change_password"),
    path("account/totp", factors.totp_on, name="mfa_activate_totp"),
    path("account/totp/off", factors.totp_off, name="mfa_deactivate_totp"),
    path("account/passkeys/add", factors.passkey_add, name="mfa_add_webauthn"),
    path("account/passkeys/<int:pk>/name", factors.passkey_rename, name="mfa_edit_webauthn"),
    path("account/passkeys/<int:pk>/remove", factors.passkey_remove, name="mfa_remove_webauthn"),
    path("account/recovery-codes", factors.recovery_codes, name="mfa_view_recovery_codes"),
    path("account/recovery-codes/file", factors.recovery_codes_file, name="mfa_download_recovery_codes"),
    path("account/recovery-codes/new", factors.recovery_codes_new, name="mfa_generate_recovery_codes"),
    path("", include((own, "accounts"))),
]
