# One step of building the web parts; CMakeLists.txt says when each runs.
# Arguments: STEP install|copy|build|extension, SOURCE, WEB (the copy that is built), FILES (relative names to copy),
# NPM, RCC, OUTPUT (the C++ file).
cmake_policy(SET CMP0057 NEW)

function(run)
    execute_process(COMMAND ${ARGN} WORKING_DIRECTORY ${WEB} RESULT_VARIABLE result
        OUTPUT_VARIABLE output ERROR_VARIABLE output)
    if(result)
        list(JOIN ARGN " " command)
        message(FATAL_ERROR "${command} failed:\n${output}")
    endif()
endfunction()

function(copy_files)
    foreach(name IN LISTS FILES)
        configure_file(${SOURCE}/${name} ${WEB}/${name} COPYONLY)
    endforeach()
endfunction()

# What was removed from the sources must not be built.
function(remove_strangers)
    foreach(folder client/src client/tests dashboard/src dashboard/tests dashboard/public shared
            extension/src extension/tests extension/public extension/build)
        file(GLOB_RECURSE present RELATIVE ${WEB} ${WEB}/${folder}/*)
        foreach(name IN LISTS present)
            if(NOT name IN_LIST FILES)
                file(REMOVE ${WEB}/${name})
            endif()
        endforeach()
    endforeach()
endfunction()

# embed(NAME FOLDER FILES): the files of the folder as :/NAME/… in OUTPUT.
function(embed name folder files)
    list(SORT files)
    set(entries "")
    foreach(file IN LISTS files)
        string(APPEND entries "  <file>${file}</file>\n")
    endforeach()
    file(WRITE ${folder}/${name}.qrc
        "<RCC><qresource prefix=\"/${name}\">\n${entries}</qresource></RCC>\n")
    run(${RCC} --no-compress --name ${name} --output ${OUTPUT} ${folder}/${name}.qrc)
endfunction()

function(build_page)
    run(${NPM} run build --workspace dashboard)
    set(dist ${WEB}/dashboard/dist)
    file(GLOB_RECURSE names RELATIVE ${dist} ${dist}/*)
    foreach(name IN LISTS names)
        run(gzip -9nf ${dist}/${name})
    endforeach()
    list(TRANSFORM names APPEND .gz)
    embed(dashboard ${dist} "${names}")
endfunction()

function(build_extension)
    run(${NPM} run build --workspace extension)
    set(dist ${WEB}/extension/dist)
    file(GLOB_RECURSE names RELATIVE ${dist} ${dist}/chromium/* ${dist}/firefox/*)
    embed(extension ${dist} "${names}")
endfunction()

if(STEP STREQUAL "install")
    copy_files()
    run(${NPM} ci --prefer-offline --no-audit --no-fund)
elseif(STEP STREQUAL "copy")
    copy_files()
    remove_strangers()
elseif(STEP STREQUAL "extension")
    build_extension()
else()
    build_page()
endif()
