#include "ui/text/jobtext.h"

#include <QCoreApplication>

#include <array>

namespace ui {
namespace {

using core::ErrorCode;

/// What is said for one code: "<what>: <context>. <advice>"
struct ErrorWords {
    ErrorCode code;
    const char *what;
    const char *advice;
};

#define SAY(text) QT_TRANSLATE_NOOP("ErrorText", text)

constexpr std::array Words = std::to_array<ErrorWords>({
    {ErrorCode::InvalidArgument, SAY("A value cannot be used"), SAY("Correct it and try again.")},
    {ErrorCode::InvalidUrl, SAY("This is not a link that can be downloaded"),
     SAY("A link looks like https://example.org/file.iso.")},
    {ErrorCode::UnsupportedScheme, SAY("Links of this kind cannot be downloaded"),
     SAY("Use a link that begins with https:// or http://.")},
    {ErrorCode::InvalidState, SAY("That is not possible at the moment"),
     SAY("The job's state has changed; look at it again.")},
    {ErrorCode::NotFound, SAY("There is no such job"), SAY("It may have been removed elsewhere.")},
    {ErrorCode::Unauthorized, SAY("The access token was not accepted"),
     SAY("Create one with \"drayctl token add\" and use that.")},
    {ErrorCode::Forbidden, SAY("This is not allowed"),
     SAY("Ask whoever gave you the access token for this right.")},
    {ErrorCode::ConfirmationRequired, SAY("This waits for a confirmation"),
     SAY("Confirm it in Dray's window.")},
    {ErrorCode::IdemReused, SAY("The same request key was used for something else"),
     SAY("Use a key of its own for each request.")},
    {ErrorCode::RateLimited, SAY("Too many requests in a short time"),
     SAY("Wait a minute and try again.")},
    {ErrorCode::LimitExceeded, SAY("A limit was reached"),
     SAY("Finish or remove something first.")},
    {ErrorCode::PositionLost, SAY("Some events were missed"), SAY("Load the list again.")},
    {ErrorCode::Network, SAY("The connection broke"),
     SAY("Check the network and retry; what is already here is kept.")},
    {ErrorCode::Timeout, SAY("The server did not answer in time"),
     SAY("Retry later; what is already here is kept.")},
    {ErrorCode::Offline, SAY("This computer is offline"), SAY("Connect to a network and retry.")},
    {ErrorCode::HostNotFound, SAY("The server was not found"),
     SAY("Check the spelling of the link and the network.")},
    {ErrorCode::ConnectionRefused, SAY("The server refused the connection"),
     SAY("It may be down, or the port in the link may be wrong; retry later.")},
    {ErrorCode::TlsFailed, SAY("The server could not prove who it is"),
     SAY("Nothing was sent. Check the link and this computer's clock.")},
    {ErrorCode::AuthenticationRequired, SAY("The server wants a user name and password"),
     SAY("Sign in on the site and use the link it gives you.")},
    {ErrorCode::HttpStatus, SAY("The server did not give the file"),
     SAY("The link may have moved or expired; check it in a browser.")},
    {ErrorCode::LinkExpired, SAY("The link has expired, so this download needs a new one"),
     SAY("Choose \"New link\" and paste a fresh link; what is already here is kept.")},
    {ErrorCode::RedirectLoop, SAY("The server sends the link round in circles"),
     SAY("Check the link in a browser.")},
    {ErrorCode::ProtocolViolation, SAY("The server's answer made no sense"),
     SAY("Nothing wrong was written to the file. Retry, or use another server.")},
    {ErrorCode::ChecksumMismatch, SAY("The file is not the expected one"),
     SAY("It was kept aside under another name. Compare the checksum with its source, or retry.")},
    {ErrorCode::RemoteChanged, SAY("The file on the server changed during the download"),
     SAY("Retry to fetch the current one from its beginning.")},
    {ErrorCode::NoSpace, SAY("The disk is full"),
     SAY("Free some space and retry; what is already here is kept.")},
    {ErrorCode::FileAccess, SAY("A file or folder could not be used"),
     SAY("Check that it exists and that you may write there, then retry.")},
    {ErrorCode::FileExists, SAY("There is a file of that name already"),
     SAY("Nothing was overwritten. Move the file away or choose another name.")},
    {ErrorCode::DeviceGone, SAY("The USB drive was unplugged"), SAY("Plug it in and retry.")},
    {ErrorCode::DeviceBusy, SAY("The USB drive is in use"),
     SAY("Close the programs that use it and retry.")},
    {ErrorCode::DeviceFailed, SAY("The USB drive failed"),
     SAY("Try another port or reader; if it happens again, use another drive.")},
    {ErrorCode::VerificationFailed, SAY("The USB drive does not hold what was written"),
     SAY("It was left blank. Try another port or reader, or use another drive.")},
    {ErrorCode::CounterfeitDrive, SAY("The USB drive holds less than it says"),
     SAY("It is a counterfeit. Use another drive.")},
    {ErrorCode::ImageDamaged, SAY("The image is damaged"), SAY("Download it again.")},
    {ErrorCode::ImageTooLarge, SAY("The image does not fit on the USB drive"),
     SAY("Use a larger drive.")},
    {ErrorCode::Busy, SAY("Dray is busy"), SAY("Try again in a moment.")},
    {ErrorCode::Unsupported, SAY("This is not supported"), SAY("Choose another way.")},
    {ErrorCode::Prerequisite, SAY("A job that this one needs did not succeed"),
     SAY("Retry that job first, then this one.")},
    {ErrorCode::WorkFailed, SAY("The program that does this work reports a failure"),
     SAY("Look there, and start it again.")},
    {ErrorCode::StoreFailed, SAY("The list of jobs could not be saved"),
     SAY("Check the disk that holds Dray's data folder.")},
    {ErrorCode::Internal, SAY("Dray made a mistake"),
     SAY("Retry; if it happens again, please report it with these words.")},
});

#undef SAY

QString translated(const char *text)
{
    return QCoreApplication::translate("ErrorText", text);
}

} // namespace

QString errorText(const core::Error &error)
{
    using namespace Qt::StringLiterals;
    QString value = error.context.trimmed();
    while (value.endsWith(u'.'))
        value.chop(1);
    for (const ErrorWords &words : Words) {
        if (words.code != error.code)
            continue;
        const QString what = translated(words.what);
        const QString said = value.isEmpty() ? what : u"%1: %2"_s.arg(what, value);
        return u"%1. %2"_s.arg(said, translated(words.advice));
    }
    return value;
}

} // namespace ui
