#include "core/download/mediaerror.h"

#include "core/base/shownurl.h"

#include <QStringList>

#include <algorithm>
#include <array>

namespace core {

using namespace Qt::StringLiterals;

namespace {

struct Meaning {
    QLatin1StringView words;
    ErrorCode code;
};

/// The first that is found counts.
constexpr std::array Meanings = std::to_array<Meaning>({
    {"HTTP Error 401"_L1, ErrorCode::AuthenticationRequired},
    {"HTTP Error 404"_L1, ErrorCode::NotFound},
    {"HTTP Error 410"_L1, ErrorCode::NotFound},
    {"HTTP Error"_L1, ErrorCode::HttpStatus},
    {"Sign in"_L1, ErrorCode::AuthenticationRequired},
    {"login required"_L1, ErrorCode::AuthenticationRequired},
    {"only available for registered users"_L1, ErrorCode::AuthenticationRequired},
    {"Name or service not known"_L1, ErrorCode::HostNotFound},
    {"Temporary failure in name resolution"_L1, ErrorCode::HostNotFound},
    {"Connection refused"_L1, ErrorCode::ConnectionRefused},
    {"timed out"_L1, ErrorCode::Timeout},
    {"CERTIFICATE_VERIFY_FAILED"_L1, ErrorCode::TlsFailed},
    {"No space left on device"_L1, ErrorCode::NoSpace},
    {"Permission denied"_L1, ErrorCode::FileAccess},
    {"is not a valid URL"_L1, ErrorCode::InvalidUrl},
    {"Unsupported URL"_L1, ErrorCode::Unsupported},
    {"ffmpeg"_L1, ErrorCode::Unsupported},
    {"ffprobe"_L1, ErrorCode::Unsupported},
    {"Requested format is not available"_L1, ErrorCode::InvalidArgument},
    {"Video unavailable"_L1, ErrorCode::NotFound},
    {"not found, unable to continue"_L1, ErrorCode::NotFound}, // a fragment
});

/// It goes to every listener.
constexpr qsizetype LongestComplaint = 500;

/// Without the request to report it to yt-dlp's people.
QString withoutPlea(QString line)
{
    const qsizetype plea = line.indexOf("; please report this issue"_L1);
    return line.left(plea < 0 ? LongestComplaint : std::min(plea, LongestComplaint));
}

} // namespace

Error mediaError(const QByteArray &errorOutput)
{
    constexpr QLatin1StringView Mark("ERROR:");
    QString said;
    for (const QString &line : QString::fromUtf8(errorOutput).split(u'\n', Qt::SkipEmptyParts)) {
        const bool isError = line.startsWith(Mark);
        if (isError || !said.startsWith(Mark))
            said = line.trimmed();
    }
    if (said.isEmpty())
        return {ErrorCode::Network, u"yt-dlp ended without saying why"_s};
    const Error error{ErrorCode::Network,
                      u"yt-dlp: "_s + withoutPlea(shownText(said.remove(Mark).trimmed()))};
    for (const Meaning &meaning : Meanings)
        if (said.contains(meaning.words, Qt::CaseInsensitive))
            return {meaning.code, error.context};
    return error;
}

} // namespace core
