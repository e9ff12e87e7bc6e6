package dev.asyncops.files;

class NioFileCopyTests extends FileCopyContract {

  @Override
  FileAccess access(Roots roots) {
    return new NioFileAccess(roots);
  }
}
