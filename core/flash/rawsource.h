#pragma once
#include "core/flash/imagefile.h"
#include "core/flash/imagesource.h"

namespace core {

/// A file that is the image.
class RawSource final : public ImageSource
{
public:
    explicit RawSource(ImageFile file)
        : m_file(std::move(file))
    { }

    [[nodiscard]] std::optional<qint64> size() const override { return m_file.size(); }
    [[nodiscard]] qint64 fileSize() const override { return m_file.size(); }
    [[nodiscard]] Result<void> checkUnchanged() const override { return m_file.checkUnchanged(); }
    [[nodiscard]] Result<QByteArray> provenSha256() const override { return m_file.provenSha256(); }
    [[nodiscard]] Result<qint64> read(std::span<char> bytes) override;
    [[nodiscard]] Result<void> skip(qint64 bytes) override;
    [[nodiscard]] QByteArray fileSha256() override { return {}; }

private:
    ImageFile m_file;
    qint64 m_position = 0;
};

} // namespace core
