/* SPDX-License-Identifier: Apache-2.0 */
#include "choices.h"

#include <bauta/hide.h>
#include <bauta/object_codec.h>
#include <bauta/target.h>

/* Registers an enumeration the first time. */
static GType enumeration(gsize *type, const char *name, const GEnumValue *values)
{
    if (g_once_init_enter(type))
        g_once_init_leave(type, g_enum_register_static(name, values));
    return *type;
}

GType choices_mask(void)
{
    static const GEnumValue values[] = {
        {BAUTA_MASK_FACE, "Faces and heads", "face"},
        {BAUTA_MASK_BODY, "Whole people", "body"},
        {BAUTA_MASK_BOTH, "Whole people, and faces besides", "both"},
        {0, NULL, NULL}};
    static gsize type;
    return enumeration(&type, "BautaMask", values);
}

GType choices_style(void)
{
    static const GEnumValue values[] = {
        {BAUTA_STYLE_MOSAIC, "Coarse blocks of its colours", "mosaic"},
        {BAUTA_STYLE_NOISE, "Coarse grey blocks with noise", "noise"},
        {BAUTA_STYLE_SOLID, "Grey", "solid"},
        {0, NULL, NULL}};
    static gsize type;
    return enumeration(&type, "BautaStyle", values);
}

GType choices_codec(void)
{
    static const GEnumValue values[] = {
        {BAUTA_CODEC_H264, "H.264", "h264"}, {BAUTA_CODEC_H265, "H.265", "h265"}, {0, NULL, NULL}};
    static gsize type;
    return enumeration(&type, "BautaCodec", values);
}

GType choices_recovery(void)
{
    static const GEnumValue values[] = {
        {RECOVERY_LOSSY, "Compressed, of the quality recovery-qp", "lossy"},
        {RECOVERY_LOSSLESS, "Bit for bit", "lossless"},
        {RECOVERY_NONE, "Not at all: masks are for good", "none"},
        {0, NULL, NULL}};
    static gsize type;
    return enumeration(&type, "BautaRecovery", values);
}

GType choices_realtime(void)
{
    static const GEnumValue values[] = {{REALTIME_AUTO, "Yes if the source is live", "auto"},
                                        {REALTIME_YES, "Never wait for the detector", "yes"},
                                        {REALTIME_NO, "Wait for each picture that is due", "no"},
                                        {0, NULL, NULL}};
    static gsize type;
    return enumeration(&type, "BautaRealtime", values);
}

GType choices_turn(void)
{
    static const GEnumValue values[] = {
        {0, "As it comes", "0"},
        {90, "Clockwise by 90 degrees", "90"},
        {180, "By 180 degrees", "180"},
        {270, "Clockwise by 270 degrees", "270"},
        {TURN_AUTO, "As people stand in it; everything is hidden until that is clear", "auto"},
        {0, NULL, NULL}};
    static gsize type;
    return enumeration(&type, "BautaTurn", values);
}
