"""The second factors of one's own account: codes by time, passkeys, recovery codes. Each change asks who one is."""

from allauth.mfa.recovery_codes.views import DownloadRecoveryCodesView, GenerateRecoveryCodesView, ViewRecoveryCodesView
from allauth.mfa.totp.views import ActivateTOTPView, DeactivateTOTPView
from allauth.mfa.webauthn.views import AddWebAuthnView, EditWebAuthnView, RemoveWebAuthnView
from django.views.decorators.cache import never_cache

from tradehall.accounts.signing import signed_in
from tradehall.accounts.views.around import honest, noting_ways

totp_on = never_cache(signed_in(honest(noting_ways(ActivateTOTPView.as_view(template_name="accounts/totp_on.html")))))
totp_off = never_cache(
    signed_in(honest(noting_ways(DeactivateTOTPView.as_view(template_name="accounts/totp_off.html"))))
)
passkey_add = never_cache(
    signed_in(honest(noting_ways(AddWebAuthnView.as_view(template_name="accounts/passkey_add.html"))))
)
passkey_rename = signed_in(
    honest(EditWebAuthnView.as_view(template_name="accounts/passkey_rename.html", success_url="/account"))
)
passkey_remove = signed_in(
    noting_ways(RemoveWebAuthnView.as_view(template_name="accounts/passkey_remove.html", success_url="/account"))
)
recovery_codes = never_cache(signed_in(ViewRecoveryCodesView.as_view(template_name="accounts/recovery_codes.html")))
recovery_codes_file = signed_in(DownloadRecoveryCodesView.as_view(template_name="accounts/recovery_codes.txt"))
recovery_codes_new = signed_in(
    honest(noting_ways(GenerateRecoveryCodesView.as_view(template_name="accounts/recovery_codes_new.html")))
)
