"""Oneself: name, password, second factor, browsers and programs. For browsers alone: see BrowserCaller."""

from typing import Annotated

from fastapi import Path

from api.deps import BrowserCaller, Database
from api.whole_route import whole_routes
from schemas.admin import AdminResponse
from schemas.envelope import Success, success
from schemas.profile import (
    NewToken,
    PasswordAgain,
    PasswordChange,
    ProfileResponse,
    ProfileUpdate,
    RecoveryCodes,
    SecondFactorBeginning,
    SecondFactorCode,
    SessionResponse,
    TokenCreate,
    TokenResponse,
)
from schemas.reply import Nothing
from services import api_token_service, profile_service, second_factor_service, session_service
from services.reauthentication import refuse_old_sign_in

router = whole_routes("/api/profile", "profile")

Id = Annotated[int, Path(ge=1, le=2**31 - 1)]


@router.get("")
def profile(db: Database, caller: BrowserCaller) -> Success[ProfileResponse]:
    """Who one is, and by what one can come in."""
    admin = caller.admin
    return success(
        ProfileResponse(
            admin=AdminResponse.model_validate(admin),
            has_second_factor=second_factor_service.is_on(admin),
            recovery_codes_left=second_factor_service.recovery_codes_left(db, admin.id),
            sessions=[
                SessionResponse.of(session, caller.session_id)
                for session in session_service.list_current(db, admin.id)
            ],
            tokens=[
                TokenResponse.model_validate(token) for token in api_token_service.list_working(db, admin.id)
            ],
        )
    )


@router.patch("")
def rename(body: ProfileUpdate, db: Database, caller: BrowserCaller) -> Success[AdminResponse]:
    """Be called something else from now on."""
    admin = profile_service.rename(db, caller, body.name)
    return success(AdminResponse.model_validate(admin), "Your name is saved.")


@router.post("/password")
def change_password(body: PasswordChange, db: Database, caller: BrowserCaller) -> Success[None]:
    """Take another password. All your other browsers are signed out."""
    profile_service.change_password(db, caller, body.old_password, body.new_password)
    return success(None, "Your password is changed, and your other browsers are signed out.")


@router.delete("/sessions/{session_id}")
def revoke_session(session_id: Id, db: Database, caller: BrowserCaller) -> Success[None]:
    """Sign one of your browsers out."""
    session_service.revoke(db, caller, session_id)
    return success(None, "That browser is signed out.")


@router.post("/tokens")
def create_token(body: TokenCreate, db: Database, caller: BrowserCaller) -> Success[NewToken]:
    """Let a program act for you. Its token is told only now."""
    refuse_old_sign_in(db, caller)
    token, text = api_token_service.create(db, caller.admin.email, body.name, caller)
    return success(NewToken(token=TokenResponse.model_validate(token), text=text), "Copy the token now.")


@router.delete("/tokens/{token_id}")
def revoke_token(token_id: Id, db: Database, caller: BrowserCaller) -> Success[None]:
    """Make one of your tokens useless."""
    api_token_service.revoke(db, token_id, caller)
    return success(None, "The token no longer works.")


@router.post("/second-factor")
def begin_second_factor(
    _body: Nothing, db: Database, caller: BrowserCaller
) -> Success[SecondFactorBeginning]:
    """Begin with an authenticator app; it counts once a code of it was confirmed."""
    refuse_old_sign_in(db, caller)
    return success(SecondFactorBeginning.of(second_factor_service.begin(db, caller)))


@router.post("/second-factor/confirm")
def confirm_second_factor(
    body: SecondFactorCode, db: Database, caller: BrowserCaller
) -> Success[RecoveryCodes]:
    """Turn the second factor on with a first code; gives the recovery codes."""
    codes = second_factor_service.confirm(db, caller, body.code)
    return success(RecoveryCodes(codes=codes), "The second factor is on. Keep the recovery codes.")


@router.post("/second-factor/recovery-codes")
def renew_recovery_codes(body: PasswordAgain, db: Database, caller: BrowserCaller) -> Success[RecoveryCodes]:
    """New recovery codes; the old ones no longer work."""
    codes = second_factor_service.renew_recovery_codes(db, caller, body.password)
    return success(RecoveryCodes(codes=codes), "These take the place of the old ones.")


@router.post("/second-factor/off")
def turn_second_factor_off(body: PasswordAgain, db: Database, caller: BrowserCaller) -> Success[None]:
    """Sign in with the password alone from now on."""
    second_factor_service.turn_off(db, caller, body.password)
    return success(None, "The second factor is off.")
