#pragma once
#include <QLatin1StringView>
#include <QStringView>

#include <optional>

namespace core {

/// What went wrong, as callers must branch on it. The names (see errorCodeName) are wire format.
enum class ErrorCode {
    // asking
    InvalidArgument,
    InvalidUrl,
    UnsupportedScheme,
    InvalidState,
    NotFound,
    Unauthorized,
    Forbidden,
    ConfirmationRequired,
    IdemReused,
    RateLimited,
    LimitExceeded,
    PositionLost,
    // network
    Network,
    Timeout,
    Offline,
    HostNotFound,
    ConnectionRefused,
    TlsFailed,
    AuthenticationRequired,
    HttpStatus,
    LinkExpired,
    RedirectLoop,
    ProtocolViolation,
    // bytes and files
    ChecksumMismatch,
    RemoteChanged,
    NoSpace,
    FileAccess,
    FileExists,
    // drives
    DeviceGone,
    DeviceBusy,
    DeviceFailed, // the drive answered a read, write or flush with an error
    VerificationFailed, // what was read back is not what was written
    CounterfeitDrive, // holds less than it says
    ImageTooLarge,
    ImageDamaged, // truncated, corrupt, or followed by bytes that are not its
    // the program itself
    Busy,
    Unsupported,
    Prerequisite,
    WorkFailed, // says the program that does the work of an external job
    StoreFailed,
    Internal,
};

/// The camelCase name of `code` on the wire and in the store.
[[nodiscard]] QLatin1StringView errorCodeName(ErrorCode code);

/// The code of a name written by errorCodeName; nullopt for anything else.
[[nodiscard]] std::optional<ErrorCode> errorCodeFromName(QStringView name);

/// Whether trying the same thing again may succeed without anyone changing the request.
[[nodiscard]] bool isRetryable(ErrorCode code);

} // namespace core
