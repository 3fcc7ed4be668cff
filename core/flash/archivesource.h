#pragma once
#include "core/flash/imagefile.h"
#include "core/flash/imageformat.h"
#include "core/flash/imagesource.h"

#include <cstdint>
#include <vector>

struct archive;

namespace core {

/// An image that libarchive unpacks: the file in a .zip or .7z, or a .lz4. (The other formats have
/// decoders of their own: more threads, and every checksum compared.)
///
/// An archive must hold one file, or one whose name says that it is an image.
class ArchiveSource final : public ImageSource
{
public:
    /// `format`: Zip, SevenZip or Lz4. Fails as openImage does.
    [[nodiscard]] static Result<std::unique_ptr<ImageSource>> open(ImageFile file,
                                                                   ImageFormat format);

    [[nodiscard]] std::optional<qint64> size() const override { return m_size; }
    [[nodiscard]] qint64 fileSize() const override { return m_input.file.size(); }
    [[nodiscard]] Result<void> checkUnchanged() const override
    {
        return m_input.file.checkUnchanged();
    }
    [[nodiscard]] Result<QByteArray> provenSha256() const override
    {
        return m_input.file.provenSha256();
    }
    [[nodiscard]] Result<qint64> read(std::span<char> bytes) override;
    [[nodiscard]] Result<void> skip(qint64 bytes) override;
    /// Reads the whole file: an archive is not read from its first byte to its last.
    [[nodiscard]] QByteArray fileSha256() override;

private:
    struct Free {
        void operator()(archive *reader) const;
    };
    /// What the callbacks of libarchive work on; it stays where it is.
    struct Input {
        ImageFile file;
        qint64 position = 0;
        std::vector<char> buffer;
        std::optional<Error> error; ///< why it could not be read
    };
    ArchiveSource(ImageFile file, ImageFormat format);

    [[nodiscard]] Result<void> begin();
    /// The place among the entries of the one that is the image.
    [[nodiscard]] Result<int> chooseEntry();
    [[nodiscard]] Result<void> enterEntry(int place);
    [[nodiscard]] Result<void> checkEnd() const;
    [[nodiscard]] tl::unexpected<Error> damaged() const;
    [[nodiscard]] tl::unexpected<Error> wrong(ErrorCode code, const QString &why) const;

    static ssize_t onRead(archive *, void *input, const void **bytes);
    static std::int64_t onSeek(archive *, void *input, std::int64_t offset, int whence);

    const ImageFormat m_format;
    Input m_input;
    std::unique_ptr<archive, Free> m_reader;
    std::optional<qint64> m_size;
};

} // namespace core
