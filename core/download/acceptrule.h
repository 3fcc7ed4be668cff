#pragma once
#include "core/download/responsehead.h"

namespace core {

/// What a request asked for.
struct AskedRange {
    ByteRange range;
    /// The Range header named no end ("bytes=0-"), or there was none at all.
    bool isOpenEnded = false;
    bool hasRangeHeader = true;
    /// With If-Range.
    bool isConditional = false;
};

/// What may be done with the body of an answer; everything but the first three writes zero bytes.
enum class Verdict {
    /// The bytes asked for: write them at the asked position.
    Write,
    /// The range asked for of a file of the same size, but no validator says that it is the job's:
    /// to be written only after bytes that are here already were compared.
    Unproven,
    /// The whole file from byte 0 (200): may become the only stream.
    WholeFile,
    /// It is about another file than the job's (validator or size differ).
    Changed,
    /// 416 that says the file is empty.
    Empty,
    /// The server or something between breaks the rules of ranges: ask another way.
    Violation,
    /// A status that carries no file.
    Refused,
};

/// The rule that keeps foreign bytes out of the file. A body answers a ranged request only with
/// status 206, one Content-Range that starts at the asked byte, ends not after the asked end and
/// names the known size, no content coding, and the job's validator (RFC 9110 §14, §15.3.7). An
/// answer to If-Range with a date need not repeat the date. `known` is the job's identity, null before
/// the first answer.
[[nodiscard]] Verdict
judge(const AskedRange &asked, const RemoteIdentity *known, const ResponseHead &head);

} // namespace core
