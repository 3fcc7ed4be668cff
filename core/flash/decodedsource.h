#pragma once
#include "core/flash/imagefile.h"
#include "core/flash/imagesource.h"
#include "core/flash/streamdecoder.h"

#include <vector>

namespace core {

/// An image in a packed file. The whole file must be understood: a file that ends early or has
/// something after its end is damaged.
class DecodedSource final : public ImageSource
{
public:
    /// `size`: bytes of the image as the file's own index says; a different length is damage.
    DecodedSource(ImageFile file,
                  std::unique_ptr<StreamDecoder> decoder,
                  std::optional<qint64> size);

    [[nodiscard]] std::optional<qint64> size() const override { return m_size; }
    [[nodiscard]] qint64 fileSize() const override { return m_file.size(); }
    [[nodiscard]] Result<void> checkUnchanged() const override { return m_file.checkUnchanged(); }
    [[nodiscard]] Result<QByteArray> provenSha256() const override { return m_file.provenSha256(); }
    [[nodiscard]] Result<qint64> read(std::span<char> bytes) override;
    [[nodiscard]] Result<void> skip(qint64 bytes) override;
    [[nodiscard]] QByteArray fileSha256() override { return m_file.sha256(); }

private:
    [[nodiscard]] Result<void> refill();
    [[nodiscard]] Result<qint64> decodeSome(std::span<char> bytes);
    [[nodiscard]] Result<void> checkEnd();
    [[nodiscard]] tl::unexpected<Error> damaged(const QString &why) const;

    ImageFile m_file;
    std::unique_ptr<StreamDecoder> m_decoder;
    const std::optional<qint64> m_size;
    std::vector<char> m_input;
    /// Read from the file, not yet unpacked.
    std::span<const char> m_waiting;
    qint64 m_produced = 0;
    bool m_isAtEnd = false;
};

} // namespace core
