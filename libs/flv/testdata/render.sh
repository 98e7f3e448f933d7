#!/bin/sh
# Makes the golden files of this folder: ffmpeg writes them, ffprobe says what is in the first.
cd "$(dirname "$0")" || exit 1
ffmpeg -v error -y -f lavfi -i testsrc2=size=64x48:rate=25 -t 0.4 -c:v libx264 -bf 2 -g 5 -crf 40 \
  -flvflags no_duration_filesize -f flv x264.flv
ffprobe -v error -show_packets -show_data_hash SHA256 -show_entries packet=pts,dts,size,flags,data_hash \
  -of json x264.flv > x264.json
ffmpeg -v error -y -f lavfi -i testsrc2=size=64x48:rate=25 -t 0.4 -c:v libx264 -tune zerolatency -crf 40 \
  -flvflags no_duration_filesize -f flv zerolatency.flv
