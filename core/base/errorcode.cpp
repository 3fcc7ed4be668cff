#include "core/base/errorcode.h"

#include "core/base/names.h"

namespace core {
namespace {

using namespace Qt::StringLiterals;

constexpr std::array Names = std::to_array<Name<ErrorCode>>({
    {ErrorCode::InvalidArgument, "invalidArgument"_L1},
    {ErrorCode::InvalidUrl, "invalidUrl"_L1},
    {ErrorCode::UnsupportedScheme, "unsupportedScheme"_L1},
    {ErrorCode::InvalidState, "invalidState"_L1},
    {ErrorCode::NotFound, "notFound"_L1},
    {ErrorCode::Unauthorized, "unauthorized"_L1},
    {ErrorCode::Forbidden, "forbidden"_L1},
    {ErrorCode::ConfirmationRequired, "confirmationRequired"_L1},
    {ErrorCode::IdemReused, "idemReused"_L1},
    {ErrorCode::RateLimited, "rateLimited"_L1},
    {ErrorCode::LimitExceeded, "limitExceeded"_L1},
    {ErrorCode::PositionLost, "positionLost"_L1},
    {ErrorCode::Network, "network"_L1},
    {ErrorCode::Timeout, "timeout"_L1},
    {ErrorCode::Offline, "offline"_L1},
    {ErrorCode::HostNotFound, "hostNotFound"_L1},
    {ErrorCode::ConnectionRefused, "connectionRefused"_L1},
    {ErrorCode::TlsFailed, "tlsFailed"_L1},
    {ErrorCode::AuthenticationRequired, "authenticationRequired"_L1},
    {ErrorCode::HttpStatus, "httpStatus"_L1},
    {ErrorCode::LinkExpired, "linkExpired"_L1},
    {ErrorCode::RedirectLoop, "redirectLoop"_L1},
    {ErrorCode::ProtocolViolation, "protocolViolation"_L1},
    {ErrorCode::ChecksumMismatch, "checksumMismatch"_L1},
    {ErrorCode::RemoteChanged, "remoteChanged"_L1},
    {ErrorCode::NoSpace, "noSpace"_L1},
    {ErrorCode::FileAccess, "fileAccess"_L1},
    {ErrorCode::FileExists, "fileExists"_L1},
    {ErrorCode::DeviceGone, "deviceGone"_L1},
    {ErrorCode::DeviceBusy, "deviceBusy"_L1},
    {ErrorCode::DeviceFailed, "deviceFailed"_L1},
    {ErrorCode::VerificationFailed, "verificationFailed"_L1},
    {ErrorCode::CounterfeitDrive, "counterfeitDrive"_L1},
    {ErrorCode::ImageTooLarge, "imageTooLarge"_L1},
    {ErrorCode::ImageDamaged, "imageDamaged"_L1},
    {ErrorCode::Busy, "busy"_L1},
    {ErrorCode::Unsupported, "unsupported"_L1},
    {ErrorCode::Prerequisite, "prerequisite"_L1},
    {ErrorCode::WorkFailed, "workFailed"_L1},
    {ErrorCode::StoreFailed, "storeFailed"_L1},
    {ErrorCode::Internal, "internal"_L1},
});

} // namespace

QLatin1StringView errorCodeName(ErrorCode code)
{
    return nameOf(Names, code);
}

std::optional<ErrorCode> errorCodeFromName(QStringView name)
{
    return valueOf(Names, name);
}

bool isRetryable(ErrorCode code)
{
    switch (code) {
    case ErrorCode::RateLimited:
    case ErrorCode::Network:
    case ErrorCode::Timeout:
    case ErrorCode::Offline:
    case ErrorCode::HostNotFound:
    case ErrorCode::ConnectionRefused:
    case ErrorCode::ProtocolViolation:
    case ErrorCode::ChecksumMismatch:
    case ErrorCode::RemoteChanged:
    case ErrorCode::NoSpace:
    case ErrorCode::FileAccess:
    case ErrorCode::HttpStatus:
    case ErrorCode::DeviceGone:
    case ErrorCode::DeviceBusy:
    case ErrorCode::DeviceFailed:
    case ErrorCode::VerificationFailed:
    case ErrorCode::Busy:
    case ErrorCode::StoreFailed:
        return true;
    case ErrorCode::InvalidArgument:
    case ErrorCode::InvalidUrl:
    case ErrorCode::UnsupportedScheme:
    case ErrorCode::InvalidState:
    case ErrorCode::NotFound:
    case ErrorCode::LinkExpired:
    case ErrorCode::Unauthorized:
    case ErrorCode::Forbidden:
    case ErrorCode::ConfirmationRequired:
    case ErrorCode::IdemReused:
    case ErrorCode::LimitExceeded:
    case ErrorCode::PositionLost:
    case ErrorCode::TlsFailed:
    case ErrorCode::AuthenticationRequired:
    case ErrorCode::RedirectLoop:
    case ErrorCode::FileExists:
    case ErrorCode::CounterfeitDrive:
    case ErrorCode::ImageTooLarge:
    case ErrorCode::ImageDamaged:
    case ErrorCode::Unsupported:
    case ErrorCode::Prerequisite:
    case ErrorCode::WorkFailed:
    case ErrorCode::Internal:
        return false;
    }
    return false;
}

} // namespace core
