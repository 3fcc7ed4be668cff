#pragma once
#include "core/base/shownurl.h"
#include "core/download/acceptrule.h"
#include "core/download/downloadplace.h"
#include "core/download/downloadspec.h"
#include "core/download/httpfetch.h"
#include "core/download/networkaccess.h"
#include "core/download/sourceurls.h"

namespace core {

/// Where a job's bytes come from: makes its requests and remembers where redirects led.
/// Threads: made and used on the job's thread.
class DownloadSource
{
public:
    DownloadSource(const DownloadSpec &spec, const DownloadPlace &place);

    /// Reads the files that say who asks. For the beginning of a run, before the first request.
    /// Fails with `FileAccess` or `InvalidArgument` naming the file.
    [[nodiscard]] Result<void> prepare();
    /// A GET that is not started. `known` brings If-Range; null asks without condition.
    [[nodiscard]] std::unique_ptr<HttpFetch>
    fetch(int connection, const AskedRange &asked, const RemoteIdentity *known);
    /// A GET for a text that goes with the file, such as a list of checksums; not started.
    [[nodiscard]] std::unique_ptr<HttpFetch> fetchText(const QUrl &url);
    /// Further requests go straight to the URL that answered.
    void onAnswered(const ResponseHead &head);
    /// Further requests begin at the URL that was given: what a redirect gave may have expired.
    void forgetRedirects() { m_resolvedUrl = m_urls.current(); }
    /// As SourceUrls: further requests go to another URL of the file, when there is one. What its
    /// bytes belong to has to be proven.
    [[nodiscard]] bool moveOn();
    [[nodiscard]] bool leaveOut();
    void onProgress() { m_urls.onProgress(); }
    /// Further requests carry no If-Range: some servers answer 200 to every request that does. What
    /// a range belongs to is told by the validators of its answer.
    void askUnconditionally() { m_isConditional = false; }
    /// As core::judge; a web page in the place of a file (a login, a captive portal) is refused, and
    /// mirrors of a file with a known checksum may have validators of their own.
    [[nodiscard]] Verdict
    judge(const AskedRange &asked, const RemoteIdentity *known, const ResponseHead &head) const;
    /// What an answer that was judged Refused means. The context says when it was the login.
    [[nodiscard]] Error refusal(const ResponseHead &head) const;
    /// As refusal(), when the link gave bytes of the file before: it may have expired.
    [[nodiscard]] Error refusalWithBytes(const ResponseHead &head) const;
    /// Why an answer is of another file than the spec describes.
    [[nodiscard]] std::optional<Error> wrongFile(const ResponseHead &head) const;
    [[nodiscard]] bool isRedirected() const { return m_resolvedUrl != m_urls.current(); }
    /// The URL that is asked, without user name and password, for messages.
    [[nodiscard]] QString shownUrl() const { return core::shownUrl(m_urls.current()); }

private:
    void useCurrentUrl();
    [[nodiscard]] FetchRequest requestFor(const QUrl &url) const;
    [[nodiscard]] bool mayMirrorsDiffer() const;
    [[nodiscard]] bool isMeasured() const;
    [[nodiscard]] bool isPageInstead(const ResponseHead &head) const;

    DownloadSpec m_spec; ///< its URL with user name and password
    const DownloadPlace m_place;
    SourceUrls m_urls;
    QUrl m_resolvedUrl;
    bool m_isConditional = true;
    NetworkAccess m_network;
};

} // namespace core
